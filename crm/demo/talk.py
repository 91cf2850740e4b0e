"""What is talked about in the demo region: topics, outcomes, promises and services. Plain data."""

TOPICS: dict[str, tuple[str, ...]] = {
    "332": ("welders", "machinists", "apprentices", "second shift", "maintenance technicians", "wages"),
    "333": ("machinists", "automation", "apprentices", "maintenance technicians", "engineers"),
    "336": ("assemblers", "second shift", "quality inspectors", "apprentices"),
    "326": ("machine operators", "second shift", "maintenance technicians"),
    "311": ("food safety", "machine operators", "workplace English", "shift leads"),
    "236": ("carpenters", "apprentices", "safety cards", "site supervisors"),
    "238": ("apprentices", "electricians", "plumbers", "safety cards"),
    "484": ("truck drivers", "licence training", "dispatchers"),
    "493": ("forklift operators", "second shift", "transport to work"),
    "541": ("internships", "software skills", "engineers"),
    "621": ("nursing assistants", "medical assistants", "clinical placements"),
    "622": ("nurses", "clinical placements", "nursing assistants", "surgical technicians"),
    "623": ("nursing assistants", "nurses", "child care for staff", "weekend shifts"),
    "624": ("child care teachers", "wages"),
    "721": ("housekeeping", "front desk", "summer jobs"),
    "722": ("cooks", "summer jobs", "shift leads"),
}
ANYWHERE = ("hiring plans", "interns", "wages", "transport to work", "child care for staff", "digital skills")

OUTCOMES: dict[str, tuple[str, ...]] = {
    "needs": ("Needs two {topic} by summer", "Hiring again; {topic} are the gap", "Worried about {topic}"),
    "survey": ("Filled in the survey", "Will fill in the survey later", "Asked why there is another survey"),
    "input": ("Gave us comments on {topic}", "Will look at the course outline", "Said the last group asked the same"),
    "sponsorship": ("Gives 250 dollars", "Said no this year", "Will ask the owner"),
    "job_development": ("Takes one trainee", "Has two openings", "Nothing now, try in a month"),
    "invitation": ("Comes with one guest", "Cannot come", "Will send somebody"),
    "relationship": ("Toured the floor", "Good talk about {topic}", "New person in charge"),
    "service": ("Service goes well", "Signed the training plan", "Two people finished"),
    "follow_up": ("All is well", "Wants to hear about {topic} again", "Trainee stayed on"),
}  # fmt: skip
PROMISES = (
    "Send the course list", "Send two candidates", "Call back about funding", "Introduce the apprenticeship office",
    "Send the grant form", "Arrange a visit to the lab", "Send wage data for the county",
    "Ask the college about evening classes",
)  # fmt: skip
NOTES = (
    "Wants no more surveys this year.", "Was called by three of us this month.", "Ask for her in the afternoon.",
    "Thinking about a second site; keep this to ourselves.", "Would speak at the launch.",
    "Short call, they were busy.",
)  # fmt: skip
SERVICES = ("On-the-job training", "Customized training", "Recruiting event", "Work experience", "Lean workshop")
NEEDS_REFERRED = (
    "Wages while they train", "Evening welding class", "English at work", "Loan for new machines",
    "Apprenticeship standards",
    "Recruiting help for the night shift", "Export papers",
)  # fmt: skip

# How each kind of ask is usually made, with weights.
CHANNELS: dict[str, tuple[tuple[str, int], ...]] = {
    "needs": (("visit", 4), ("call", 5), ("video", 2), ("email", 2)),
    "survey": (("survey", 5), ("email", 3), ("call", 2)),
    "input": (("email", 4), ("call", 3), ("event", 2), ("video", 2)),
    "sponsorship": (("call", 4), ("email", 3), ("letter", 2), ("visit", 1)),
    "job_development": (("call", 5), ("visit", 3), ("email", 3), ("text", 1)),
    "invitation": (("email", 4), ("letter", 2), ("mass_mail", 2), ("call", 2)),
    "relationship": (("visit", 4), ("call", 3), ("event", 2)),
    "service": (("visit", 5), ("call", 3), ("video", 1)),
    "follow_up": (("call", 5), ("email", 4), ("visit", 1)),
}
# How often somebody is reached that way; None: whoever logs it leaves it blank.
REACHED: dict[str, float | None] = {
    "visit": 0.9, "call": 0.55, "video": 0.97, "text": 0.5, "event": 0.9, "survey": 0.5, "email": None, "letter": None,
    "mass_mail": None,
}  # fmt: skip


def list_topics(naics: str) -> tuple[str, ...]:
    """What one talks about with a business of this industry."""
    return TOPICS.get(naics[:3], ANYWHERE)
