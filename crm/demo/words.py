"""The words of which the demo region's names are made, and what its employers do. Plain data."""

from dataclasses import dataclass


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Surnames are put together of two halves: none is meant for anybody who lives.
SURNAME_HEADS = _list(
    """
    Ald Arn Bel Brack Cal Corr Dal Dunn Eber Falk Garn Hal Hesk Ing Jarr Kell Lang Lor Marl Nor Osk Pell Quar Rens
    Sel Sorr Tarn Thal Ull Var Wend Yarr Zell
    """
)
SURNAME_TAILS = _list(
    """
    afi agno ander ato bury dale einen ek eno ford gren ham hurst ides iko ina inski ison low man mere more ovic oza
    quist ren rick stad strom uya well wick
    """
)

# Given names with the short forms that people go by.
GIVEN_NAMES: dict[str, tuple[str, ...]] = {
    "Abigail": ("Abby",), "Adriana": (), "Ahmed": (), "Aisha": (), "Alejandro": ("Alex",), "Amara": (),
    "Andrew": ("Andy",),
    "Angela": ("Angie",), "Anthony": ("Tony",), "Beatriz": (), "Benjamin": ("Ben",), "Carmen": (),
    "Charles": ("Chuck",),
    "Christine": ("Chris",), "Chue": (), "Daniel": ("Dan",), "Deborah": ("Deb",), "Diego": (), "Donna": (),
    "Edward": ("Ed",), "Elena": (), "Elizabeth": ("Liz", "Beth"), "Farah": (), "Gloria": (), "Gregory": ("Greg",),
    "Hannah": (), "Ibrahim": (), "Imani": (), "Ingrid": (), "James": ("Jim",), "Jennifer": ("Jen",), "Jorge": (),
    "Joseph": ("Joe",), "Katherine": ("Kathy", "Kate"), "Kenneth": ("Ken",), "Kofi": (), "Laura": (), "Leila": (),
    "Luis": (), "Mai": (), "Marcus": (), "Margaret": ("Peg",), "Maria": (), "Matthew": ("Matt",), "Mei": (),
    "Michael": ("Mike",), "Nadia": (), "Nancy": (), "Nicholas": ("Nick",), "Olivia": (), "Omar": (), "Pao": (),
    "Patricia": ("Pat",), "Patrick": ("Pat",), "Priya": (), "Rafael": (), "Rebecca": ("Becky",), "Richard": ("Rick",),
    "Robert": ("Bob", "Rob"), "Rosa": (), "Samuel": ("Sam",), "Sandra": ("Sandy",), "Steven": ("Steve",),
    "Susan": ("Sue",), "Terrence": ("Terry",), "Thomas": ("Tom",), "Timothy": ("Tim",), "Tomas": (),
    "Victoria": ("Vicky",),
    "Wanda": (), "William": ("Bill", "Will"), "Xia": (), "Yusuf": (), "Zoe": (),
}  # fmt: skip

COINED_HEADS = _list(
    """
    Aer Brin Cind Dex Elm Fenn Glyn Hyl Ixa Juni Kest Lumb Mira Nexa Ovi Pryn Quil Rov Stel Tavi Umbr Velt Wyn Zorb
    """
)
COINED_TAILS = _list(
    """
    acor adyne ara atek elis ent era ex icor ident ion ivo ola omar on oria ovant una ura yx
    """
)
ADJECTIVES = _list(
    """
    Amber Blue Bold Bright Broad Clear Copper Crimson Eastern Elder Evergreen Fair Golden Grand Granite Green Honest
    Iron Keen Lakeside Level Lively Maple Noble North Old Open Plain Proud Quick Quiet Red Ready Silver Solid Steady
    Stone Straight Sturdy Sunny Swift True Upland Valley West White Willow
    """
)
NOUNS = _list(
    """
    Anchor Anvil Arrow Badge Beacon Bell Birch Bridge Compass Cove Crane Ember Falcon Fern Field Finch Forge Gable
    Gate Harbor Hawk Heron Hollow Key Lantern Ledge Marsh Mesa Mill Oak Otter Path Peak Pike Pine Plank Quarry Raven
    Reed Ridge Sparrow Spruce Star Summit Thistle Timber Trail Trellis Wagon
    """
)
STREETS = _list(
    """
    Alder Anvil Barley Beacon Bell Birch Bluff Canal Carver Cedar Chapel Clover Commerce Cooper Copper Crane Dock
    Eagle Ferry Foundry Fox Granary Granite Harbor Heron Industrial Juniper Kiln Lantern Larch Ledge Linden Locust
    Maple Market Meadow Mill Mission Orchard Otter Park Pearl Pine Prairie Quarry Railroad Ridge River Sawmill
    Schoolhouse Spring Spruce Station Summit Tannery Thistle Timber Union Vine Wagon Walnut Water Willow
    """
)
STREET_KINDS = ("Street", "Avenue", "Road", "Drive", "Boulevard", "Lane", "Court", "Parkway")
STREET_KIND_WEIGHTS = (30, 22, 18, 12, 6, 6, 3, 3)

STREET_SHORT = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Boulevard": "Blvd", "Lane": "Ln", "Court": "Ct",
    "Parkway": "Pkwy", "North": "N", "South": "S", "East": "E", "West": "W", "Suite": "Ste", "Unit": "#",
}  # fmt: skip
WORD_SHORT = {
    "Manufacturing": "Mfg", "Services": "Svcs", "Service": "Svc", "Associates": "Assoc", "Technologies": "Tech",
    "Construction": "Constr", "Engineering": "Engrg", "Equipment": "Equip", "Products": "Prods", "Industries": "Inds",
    "Management": "Mgmt", "Center": "Ctr", "Brothers": "Bros", "Heating": "Htg", "Automotive": "Auto",
    "Distribution": "Dist", "Regional": "Reg", "Fabrication": "Fab", "Systems": "Sys", "Machine": "Mach",
    "Insurance": "Ins", "Company": "Co", "Family": "Fam", "Medical": "Med", "Electric": "Elec", "Plumbing": "Plbg",
    "Department": "Dept", "Hospital": "Hosp", "College": "Coll",
}  # fmt: skip
LEGAL_FORMS = ("LLC", "Inc", "Corp", "Co", "LLP", "")
LEGAL_FORM_WEIGHTS = (42, 32, 8, 6, 3, 9)
LEGAL_SPELLINGS = {
    "LLC": ("LLC", ", LLC", "L.L.C.", "Llc"), "Inc": ("Inc", ", Inc.", "Incorporated", "INC"),
    "Corp": ("Corp", "Corporation", "Corp."), "Co": ("Co", "Company", "Co."), "LLP": ("LLP", ", LLP"),
}  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """An industry: how its firms call themselves, how many work there (median), how common it is, how much asked."""

    naics: str
    words: tuple[str, ...]
    employees: int
    weight: int
    asked: float


def _trade(naics: str, words: str, employees: int, weight: int, asked: float) -> Trade:
    return Trade(naics, tuple(words.split("|")), employees, weight, asked)


TRADES = (
    _trade("332710", "Machine Works|Machining|Precision Machining|Tool & Die", 38, 60, 3.0),
    _trade("332312", "Steel Fabrication|Structural Steel|Ironworks", 45, 28, 2.6),
    _trade("332812", "Metal Finishing|Powder Coating|Plating", 30, 22, 2.2),
    _trade("332721", "Screw Products|Turned Products", 34, 14, 2.2),
    _trade("333517", "Machine Tools|Tooling Systems", 60, 14, 2.6),
    _trade("333248", "Industrial Equipment|Machinery|Automation", 75, 20, 2.6),
    _trade("333922", "Conveyors|Material Handling", 55, 10, 2.2),
    _trade("336390", "Vehicle Components|Drive Products", 120, 12, 3.0),
    _trade("336413", "Aero Components|Flight Products", 110, 9, 3.0),
    _trade("326199", "Plastics|Molding|Polymer Products", 60, 24, 2.0),
    _trade("311513", "Creamery|Cheese", 48, 10, 1.6),
    _trade("311811", "Bakery|Bread Company", 12, 26, 0.8),
    _trade("311991", "Provisions|Kitchens|Prepared Foods", 40, 12, 1.4),
    _trade("337110", "Cabinet Works|Millwork|Woodworking", 18, 26, 1.0),
    _trade("236220", "Construction|Builders|General Contractors", 32, 52, 1.4),
    _trade("238220", "Plumbing & Heating|Mechanical|Heating & Cooling", 14, 74, 1.0),
    _trade("238210", "Electric|Electrical Contractors", 14, 60, 1.0),
    _trade("238160", "Roofing", 10, 36, 0.5),
    _trade("484121", "Trucking|Freight Lines|Transport", 22, 50, 1.4),
    _trade("493110", "Warehousing|Distribution|Storage & Logistics", 36, 26, 1.5),
    _trade("541330", "Engineering|Engineering Associates", 18, 34, 0.9),
    _trade("541511", "Software|Systems|Technologies", 14, 46, 0.9),
    _trade("541211", "Accounting|Tax & Accounting", 7, 60, 0.4),
    _trade("524210", "Insurance Agency|Insurance Services", 6, 66, 0.3),
    _trade("522130", "Credit Union", 26, 16, 0.8),
    _trade("621111", "Medical Group|Family Medicine|Clinic", 30, 58, 2.0),
    _trade("621210", "Dental Associates|Family Dentistry", 11, 64, 0.9),
    _trade("621610", "Home Health Care|Home Care Services", 40, 32, 2.4),
    _trade("623110", "Nursing & Rehabilitation|Care Center", 85, 26, 3.0),
    _trade("623312", "Assisted Living|Senior Living", 40, 36, 2.2),
    _trade("624410", "Child Care Center|Early Learning Center", 12, 62, 1.0),
    _trade("722511", "Grill|Restaurant|Supper Club", 20, 110, 0.4),
    _trade("722513", "Pizza|Sandwich Shop|Cafe", 12, 80, 0.3),
    _trade("721110", "Inn|Hotel|Lodge", 24, 30, 0.7),
    _trade("811111", "Auto Repair|Auto Service|Garage", 6, 90, 0.4),
    _trade("812112", "Salon|Hair Studio", 4, 80, 0.1),
    _trade("812320", "Dry Cleaners|Laundry Services", 6, 20, 0.1),
    _trade("444140", "Hardware|Home & Garden", 14, 30, 0.4),
    _trade("445110", "Market|Foods|Grocery", 30, 36, 0.6),
    _trade("561320", "Staffing|Personnel Services", 20, 24, 1.2),
    _trade("561720", "Janitorial Services|Cleaning Services", 16, 40, 0.6),
    _trade("561730", "Landscaping|Lawn & Garden Services", 9, 60, 0.3),
    _trade("713940", "Fitness|Athletic Club", 12, 22, 0.2),
)
BY_NAICS = {trade.naics: trade for trade in TRADES}

# One sign, many owners.
FRANCHISES = (
    ("Burger Lantern", "722513"), ("Pedal & Press Coffee", "722513"), ("Quillcraft Printing", "561320"),
    ("Bright Otter Cleaning", "561720"), ("Torque Parade Auto Care", "811111"), ("Acorn Parade Child Care", "624410"),
    ("Sunnybatch Pizza", "722513"), ("Limberyard Fitness", "713940"), ("Hearth & Hazel Home Care", "621610"),
    ("Snip Parade Hair Studio", "812112"),
)  # fmt: skip
HOSPITAL_DEPARTMENTS = (
    "Radiology",
    "Laboratory",
    "Nutrition Services",
    "Human Resources",
    "Surgery Center",
    "Pharmacy",
)
CITY_DEPARTMENTS = (
    "Public Works",
    "Parks and Recreation",
    "Fire Department",
    "Library",
    "Water Utility",
    "Human Resources",
)
HOLDING_NAMES = ("Holdings", "Group", "Enterprises", "Companies")

# The first four are found in small firms too.
TITLES_OF_THE_HEAD = ("Owner", "President", "General Manager", "Managing Partner", "CEO", "Executive Director")
TITLES_OF_OTHERS = (
    "Office Manager", "HR Manager", "Operations Manager", "Controller", "HR Director", "Plant Manager", "VP Operations",
    "CFO", "Training Manager", "Recruiter", "Production Supervisor", "Director of Nursing", "Quality Manager",
)  # fmt: skip
TITLE_SPELLINGS = {
    "CEO": ("Chief Executive Officer", "President/CEO"), "HR Director": ("Director of Human Resources", "HR Dir."),
    "HR Manager": ("Human Resources Manager", "HR Mgr"), "General Manager": ("GM", "Gen. Manager"),
    "VP Operations": ("Vice President of Operations", "V.P. Operations"), "CFO": ("Chief Financial Officer",),
    "Plant Manager": ("Plant Mgr",), "Owner": ("Owner/Operator", "Owner & President"), "President": ("Pres.",),
}  # fmt: skip
