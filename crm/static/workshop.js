/* A workshop's room goes on when the network fails for a while: every step is on the page from the start, the wall shows the
   next one by itself, and what somebody says on a phone is kept there until it can be sent. Pages work without this. */
(() => {
  "use strict";
  const room = document.querySelector("[data-room]");
  if (!room) return;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const steps = all("[data-part][data-index]", room);
  const isWall = room.matches(".wall");
  const leads = "leads" in room.dataset;
  const SOON = 3000;
  let at = Number(room.dataset.step);
  let version = room.dataset.version;
  let began = performance.now() - Number(room.dataset.elapsed) * 1000;
  let isOffline = false;
  let wanted = null;

  /* What waits to be sent outlives the page; without a place to keep it, it lives as long as the page. */
  const KEY = `room ${room.dataset.room}`;
  let memory = [];
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || [];
    } catch {
      return memory;
    }
  };
  const write = (queue) => {
    memory = queue;
    try {
      localStorage.setItem(KEY, JSON.stringify(queue));
    } catch {
      /* A private window keeps nothing. */
    }
  };

  function note(text) {
    const place = one("[data-note]");
    if (place && place.textContent !== text) place.textContent = text;
  }
  function setOffline(offline) {
    if (offline) {
      const waiting = read().length;
      note(
        isWall
          ? "No network. The wall goes on with what it has."
          : waiting
            ? "No network. What you said is kept on this phone and sent when the network is back."
            : "No network. You can go on; what you say is kept on this phone.",
      );
    } else if (isOffline) note("The network is back.");
    isOffline = offline;
  }

  function show(index) {
    at = Math.min(Math.max(index, 0), steps.length - 1);
    steps.forEach((part, place) => (part.hidden = place !== at));
    const count = one("[data-count]");
    if (count) count.textContent = `${at + 1} of ${steps.length}`;
    tick();
  }

  function tick() {
    const clock = one("[data-timer]");
    if (!clock) return;
    const left = Math.round(Number(steps[at].dataset.minutes) * 60 - (performance.now() - began) / 1000);
    const size = Math.abs(left);
    const text = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    clock.textContent = left < 0 ? `${text} over` : `${text} left`;
    clock.classList.toggle("over", left < 0);
  }

  /* The facilitator's wall says where the room is; other walls and the phones follow. */
  function go(index) {
    if (index < 0 || index >= steps.length || index === at) return;
    began = performance.now();
    show(index);
    if (leads) {
      wanted = at;
      tell();
    }
  }
  async function tell() {
    const form = one("[data-go]");
    const step = wanted;
    if (!form || step === null) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("step", step);
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) note("The room could not be told. Load the page again.");
      if (wanted === step) wanted = null;
      setOffline(false);
    } catch {
      setOffline(true);
    }
  }

  async function send() {
    for (const item of read()) {
      try {
        const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-Room": "1" };
        const answer = await fetch(item.url, { method: "POST", body: item.body, headers, redirect: "manual" });
        if (answer.status >= 500 || answer.status === 429) return;
        write(read().filter((other) => other.id !== item.id));
        if (answer.ok) note("Saved.");
        else {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          note(page.querySelector("[role=alert], main .state p, main p")?.textContent.trim() || "That was not saved.");
        }
        all(`[data-keep="${CSS.escape(item.name)}"]`).forEach((form) => delete form.dataset.changed);
        setOffline(false);
      } catch {
        setOffline(true);
        return;
      }
    }
  }
  document.addEventListener(
    "submit",
    (e) => {
      const form = e.target.closest("[data-keep]");
      if (!form) return;
      e.preventDefault();
      const name = form.dataset.keep;
      const body = new URLSearchParams(new FormData(form)).toString();
      /* The later words of one form take the place of the earlier. */
      const id = `${Date.now()} ${Math.random()}`;
      write([...read().filter((item) => item.name !== name), { id, name, url: form.action, body }]);
      note("Kept on this phone.");
      send().then(look);
    },
    true,
  );
  document.addEventListener("input", (e) => {
    const form = e.target.closest("[data-keep]");
    if (form) form.dataset.changed = "";
  });

  /* What others said: the parts that differ are put in the place of the old ones, but for what somebody is writing in. */
  const known = new Map(all("[data-part]").map((part) => [part.dataset.part, part.innerHTML]));
  async function renew() {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of all("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      const busy = part.contains(document.activeElement) || part.querySelector("[data-changed]");
      if (!fresh || busy || fresh.innerHTML === known.get(part.dataset.part)) continue;
      known.set(part.dataset.part, fresh.innerHTML);
      const open = all("details[open]", part).length > 0;
      part.innerHTML = fresh.innerHTML;
      if (open) all("details", part).forEach((one) => (one.open = true));
    }
    nameCells();
    version = page.querySelector("[data-room]")?.dataset.version || version;
  }
  function nameCells() {
    for (const table of all(".cards table", room)) {
      const names = all("thead th", table).map((cell) => cell.dataset.short || cell.textContent.trim());
      all("tbody td:not([data-label])", table).forEach((cell) => (cell.dataset.label = names[cell.cellIndex]));
    }
  }
  async function look() {
    try {
      if (wanted !== null) await tell();
      const answer = await fetch(room.dataset.state, { redirect: "manual" });
      if (!answer.ok) return;
      const state = await answer.json();
      setOffline(false);
      const moved = state.step !== at;
      if (wanted === null && (!leads || !isWall)) {
        if (moved) {
          began = performance.now() - state.elapsed * 1000;
          show(state.step);
        }
      } else if (wanted === null && moved && state.step !== Number(room.dataset.roomStep)) {
        /* Somebody went on from the page of the workshop. */
        began = performance.now() - state.elapsed * 1000;
        show(state.step);
      }
      room.dataset.roomStep = state.step;
      if (moved || state.version !== version) await renew();
      if (read().length) await send();
    } catch {
      setOffline(true);
    }
  }

  document.addEventListener("click", (e) => {
    const link = e.target.closest("[data-next], [data-back]");
    if (!link) return;
    e.preventDefault();
    go(at + (link.matches("[data-next]") ? 1 : -1));
  });
  const KEYS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
  document.addEventListener("keydown", (e) => {
    if (!isWall || !(e.key in KEYS) || e.ctrlKey || e.metaKey || e.altKey) return;
    /* A table that is wider than the wall scrolls by the arrows, and a button is pressed by the space bar. */
    if (e.target.matches("input, select, textarea, .table-wrap") || (e.key === " " && e.target.matches("a, button, summary")))
      return;
    e.preventDefault();
    go(at + KEYS[e.key]);
  });
  addEventListener("online", () => send().then(look));
  setInterval(look, SOON);
  if (isWall) setInterval(tick, 1000);
  nameCells();
  show(at);
  send();
})();
