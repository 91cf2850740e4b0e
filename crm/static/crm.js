/* Small helps for pages that work without them: theme, keys, busy forms, toasts, suggestions, table cards, copy. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, act) => document.addEventListener(name, act);
  const cookie = (name) => document.cookie.match(`\\b${name}=(\\w+)`)?.[1];
  const keep = (name, value) => (document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`);

  const REASONS = {
    400: "This page is too old. Load it again.",
    401: "You are signed out. Load the page again.",
    403: "You may not do that.",
    409: "Somebody changed this first. Load it again.",
    429: "Too many tries. Wait a minute.",
    503: "The data cannot be reached.",
  };
  function toast(text) {
    const item = document.createElement("div");
    const close = document.createElement("button");
    item.className = "toast";
    item.append(Object.assign(document.createElement("span"), { textContent: text }), close);
    Object.assign(close, { type: "button", textContent: "×", ariaLabel: "Close", onclick: () => item.remove() });
    document.getElementById("toasts").replaceChildren(item);
    setTimeout(() => item.remove(), 10000);
  }
  on("htmx:responseError", (e) => toast(REASONS[e.detail.xhr.status] || "Something went wrong. Try again."));
  for (const lost of ["htmx:sendError", "htmx:timeout"])
    on(lost, () => toast("No answer. Check the connection and try again."));
  on("toast", (e) => toast(e.detail.value));

  function setBusy(form, busy) {
    for (const part of [form, ...all("button:not([type=button])", form)]) part.ariaBusy = busy || null;
  }
  on("submit", (e) => {
    if (e.target.ariaBusy) e.preventDefault();
    else if (e.target.method === "post" && !e.defaultPrevented) setBusy(e.target, true);
  });
  addEventListener("pageshow", () => all("form[aria-busy]").forEach((form) => setBusy(form)));
  on("htmx:beforeRequest", (e) => {
    if (e.target.ariaBusy) e.preventDefault();
    else if (e.target.matches("form")) setBusy(e.target, true);
  });
  on("htmx:afterRequest", (e) => e.target.matches("form") && setBusy(e.target));
  on("htmx:configRequest", (e) => {
    e.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]")?.content;
  });

  /* Combobox: arrows move, Enter takes, Escape closes. */
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  function choose(input, option) {
    all("[role=option]", listOf(input)).forEach((other) => (other.ariaSelected = other === option));
    input.setAttribute("aria-activedescendant", option?.id || "");
    option?.scrollIntoView({ block: "nearest" });
  }
  function shut(input) {
    listOf(input).replaceChildren();
    input.ariaExpanded = false;
    choose(input);
  }
  function moveInList(e) {
    const options = all("[role=option]", listOf(e.target));
    const at = options.findIndex((option) => option.ariaSelected === "true");
    const to = { ArrowDown: at + 1, ArrowUp: at < 1 ? options.length - 1 : at - 1 }[e.key];
    if (e.key === "Escape" && options.length) shut(e.target);
    else if (to >= 0 && options.length) choose(e.target, options[to % options.length]);
    else if (e.key === "Enter" && at >= 0) options[at].click();
    else return;
    e.preventDefault();
  }
  on("htmx:afterSwap", (e) => {
    nameCells(e.target);
    const input = e.target.matches("[role=listbox]") && document.querySelector(`[aria-controls="${e.target.id}"]`);
    if (input) input.ariaExpanded = e.target.childElementCount > 0;
  });
  /* A picked id must not outlive a change of the text. */
  on("input", (e) => {
    const id = e.target.closest("[data-pick]")?.querySelector("input[type=hidden]");
    if (id) id.value = "";
  });
  function pick(option) {
    const box = option.closest("[data-pick]");
    const [text, id] = all("input", box);
    text.value = option.dataset.text;
    id.value = option.dataset.value;
    all(".known-note", box).forEach((note) => (note.textContent = ""));
    shut(text);
    box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { ...option.dataset } }));
  }

  on("click", (e) => {
    const at = (selector) => e.target.closest(selector);
    if (at("[data-theme-toggle]")) {
      const root = document.documentElement;
      keep("theme", (root.dataset.theme = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark"));
    }
    if (at("[data-shortcuts]")) (keep("keys", cookie("keys") === "off" ? "on" : "off"), showKeys());
    const copy = at("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast("Copied."));
    const option = at("[data-pick] [data-value]");
    if (option) pick(option);
    all("details.menu[open]").forEach((menu) => (menu.open = menu.contains(e.target)));
    all("[role=combobox][aria-expanded=true]").forEach((input) => input.parentNode.contains(e.target) || shut(input));
  });

  /* Keys: data-key in the markup. */
  on("keydown", (e) => {
    if (e.target.matches("[role=combobox]")) return moveInList(e);
    const menu = e.key === "Escape" && e.target.closest("details.menu[open]");
    if (menu) menu.open = false;
    if (e.target.matches("input, select, textarea") || e.ctrlKey || e.metaKey || e.altKey || cookie("keys") === "off")
      return;
    /* The page's own comes after that of the bar on top, and knows what one looks at. */
    const target = all("[data-key]").findLast((part) => part.dataset.key === e.key);
    if (!target) return;
    e.preventDefault();
    target.focus();
    if (target.matches("a, button")) target.click();
  });
  const showKeys = () => all("[data-shortcuts]").forEach((part) => (part.ariaPressed = cookie("keys") !== "off"));

  /* Table cards: a cell names its column. */
  function nameCells(root) {
    for (const table of all(".cards table", root)) {
      const names = all("thead th", table).map((cell) => cell.dataset.short || cell.textContent.trim());
      all("tbody td:not([data-label])", table).forEach((cell) => (cell.dataset.label = names[cell.cellIndex]));
    }
  }
  /* A number of a form becomes a slider. */
  for (const input of all("[data-slider]")) input.type = "range";
  showKeys();
  nameCells(document);
})();
