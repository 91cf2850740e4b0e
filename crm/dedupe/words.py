"""Tables of words that mean the same, mean little, or mean a difference. Plain data.

Nothing here is learned from a region's records: the weight of a word is the same wherever it stands, so that the
score of a pair depends on the two records alone.
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a block of text."""
    return frozenset(text.split())


# Legal forms, to one spelling each. Forms that bind their owner equally are one class ("inc" and "corp").
LEGAL_FORMS = {
    "inc": "corp", "incorporated": "corp", "corp": "corp", "corporation": "corp", "co": "", "company": "",
    "llc": "llc", "llp": "llp", "lp": "lp", "ltd": "ltd", "limited": "ltd", "plc": "plc", "pty": "ltd",
    "proprietary": "ltd", "pllc": "llc", "pc": "pc", "pa": "pc", "gmbh": "gmbh", "ag": "ag", "bv": "bv", "nv": "nv",
    "sa": "sa", "srl": "srl", "sas": "sas", "spa": "spa", "oy": "oy", "ab": "ab", "as": "as", "kg": "kg", "cv": "cv",
    "hb": "hb", "hf": "hf", "nyrt": "zrt", "yk": "yk", "gk": "gk", "ou": "ou",
    "pvt": "ltd", "lc": "llc", "nfp": "", "ltda": "ltd", "pte": "ltd", "bhd": "ltd", "sdn": "", "limitada": "ltd",
    "ltee": "ltd", "mbh": "gmbh", "gesmbh": "gmbh", "aktiengesellschaft": "ag", "aktienges": "ag", "kgaa": "kgaa",
    "ohg": "ohg", "oyj": "oy", "aps": "aps", "asa": "as", "sarl": "sarl", "eurl": "sarl", "sprl": "bv", "bvba": "bv",
    "besloten": "bv", "naamloze": "nv", "naamlooze": "nv", "vennootschap": "", "vof": "vof", "snc": "snc",
    "kft": "kft", "zrt": "zrt", "doo": "doo", "ood": "ood", "sro": "sro", "spzoo": "spzoo", "kk": "kk", "se": "se",
    "jsc": "jsc", "ojsc": "jsc", "pjsc": "jsc", "cjsc": "jsc", "oao": "jsc", "zao": "jsc", "pao": "jsc", "ooo": "llc",
    "ao": "jsc", "tov": "llc", "pt": "pt", "tbk": "pt", "akg": "ag", "cia": "", "eirl": "llc", "spolka": "",
    "eood": "ood", "ead": "jsc", "ad": "jsc", "dd": "jsc", "uab": "uab", "sia": "sia", "osauhing": "ou", "ks": "kg",
    # As a narrow column cuts them off.
    "corporatio": "corp", "corporat": "corp", "incorporat": "corp", "incorporate": "corp", "compan": "",
    "limite": "ltd",
}  # fmt: skip

# These also stand before the name, as in "OOO Romashka".
LEGAL_FORMS_IN_FRONT = {
    "llc", "jsc", "ojsc", "pjsc", "cjsc", "oao", "zao", "pao", "ooo", "srl", "gmbh", "ao", "tov", "pt", "uab", "sia",
}  # fmt: skip

# Legal forms of several words, as one; those of other scripts in Latin letters (see `names.ROMAN`).
LEGAL_PHRASES = {
    "joint stock compan": "jsc", "public joint stock company": "pjsc", "closed joint stock company": "cjsc",
    "limited liability compan": "llc", "private limited": "pvt", "professional corporation": "pc",
    "societe a responsabilite limitee": "sarl", "societe par actions simplifiee": "sas",
    "sociedad de responsabilidad limitada": "srl", "sociedad limitada": "srl", "sociedade anonima": "sa",
    "sociedade limitada": "ltda", "societatea cu raspundere limitata": "srl", "societate cu raspundere limitata": "srl",
    "societate pe actiuni": "sa", "societa in accomandita semplice": "sas", "offene handelsgesellschaft": "ohg",
    "kommanditgesellschaft": "kg", "gesellschaft mbh": "gmbh", "aktieselskab": "as", "aktieselskabet": "as",
    "anpartsselskab": "aps", "aksjeselskap": "as", "allmennaksjeselskap": "asa", "julkinen osakeyhtio": "oyj",
    "handelsbolag": "hb", "hlutafelag": "hf", "spolka akcyjna": "sa", "akciova spolecnost": "as",
    "spolka z ograniczona odpowiedzialnoscia": "spzoo", "spolecnost s rucenim omezenym": "sro", "spol s r o": "sro",
    "spol. s r.o.": "sro", "spolocnost s rucenim obmedzenym": "sro", "korlatolt felelossegu tarsasag": "kft",
    "zartkoruen mukodo reszvenytarsasag": "zrt", "nyilvanosan mukodo reszvenytarsasag": "nyrt",
    "drustvo s ogranicenom odgovornoscu": "doo", "drustvo sa ogranicenom odgovornoscu": "doo",
    "druzba z omejeno odgovornostjo": "doo", "dionicko drustvo": "dd", "akcionarsko drustvo": "ad",
    "uzdaroji akcine bendrove": "uab", "sabiedriba ar ierobezotu atbildibu": "sia", "akciju sabiedriba": "as",
    "limited sirketi": "ltd", "anonim sirketi": "as", "ltd sti": "ltd", "ltd. sti.": "ltd",
    "sendirian berhad": "sdn bhd", "perseroan terbatas": "pt", "yugen kaisha": "yk", "godo kaisha": "gk",
    "obshchestvo s ogranichennoi otvetstvennostyu": "ooo", "aktsionernoe obshchestvo": "ao",
    "publichnoe aktsionernoe obshchestvo": "pao", "otkrytoe aktsionernoe obshchestvo": "oao",
    "zakrytoe aktsionernoe obshchestvo": "zao", "tovaristvo z obmezhenoyu vidpovidalnistyu": "tov",
    "aktsionerne tovaristvo": "ao", "anonimi etairia": "sa", "anonymi etairia": "sa",
    "limited liability company": "llc", "limited liability partnership": "llp", "public limited company": "plc",
    "joint stock company": "jsc", "open joint stock company": "jsc", "gesellschaft mit beschrankter haftung": "gmbh",
    "naamloze vennootschap": "nv", "besloten vennootschap": "bv", "societe anonyme": "sa", "sociedad anonima": "sa",
    "societa per azioni": "spa", "societa a responsabilita limitata": "srl", "kabushiki kaisha": "kk",
    "aktiebolaget": "ab", "aktiebolag": "ab", "osakeyhtio": "oy", "sp z o o": "spzoo", "sp. z o.o.": "spzoo",
}  # fmt: skip

# Forms that are also words or initials: only the last word of a name is read as one of these.
LEGAL_ONLY_AT_END = {
    "ao",
    "tov",
    "pt",
    "cia",
    "spolka",
    "ead",
    "ad",
    "dd",
    "sia",
    "ks",
    "hb",
    "hf",
    "yk",
    "gk",
    "ou",
    "corporate",
    "incorporate",
    "co",
    "company",
    "pc",
    "pa",
    "ag",
    "sa",
    "spa",
    "ab",
    "as",
    "kg",
    "lp",
    "oy",
    "lc",
    "cv",
    "sas",
    "se",
    "asa",
    "kk",
    "doo",
    "ood",
    "snc",
    "vof",
    "sdn",
}

# Words that carry no meaning of their own in a name.
STOP_WORDS = {"the", "of", "and", "for", "at", "in", "an", "to", "on", "by", "y", "de", "la", "del", "et", "und"}

ABBREVIATIONS = {
    "mfg": "manufacturing", "mfr": "manufacturing", "mfrs": "manufacturing", "manuf": "manufacturing",
    "svc": "service", "svcs": "service", "serv": "service", "srvc": "service", "srvcs": "service",
    "intl": "international", "internatl": "international", "natl": "national", "nat": "national",
    "assn": "association", "assoc": "association", "assocs": "associate", "asso": "association",
    "dept": "department", "dpt": "department", "univ": "university", "uni": "university", "ctr": "center",
    "cntr": "center", "cen": "center", "centre": "center", "centres": "center", "hosp": "hospital", "bros": "brother",
    "mgmt": "management", "mgt": "management", "tech": "technology", "technol": "technology", "ind": "industry",
    "inds": "industry", "indus": "industry", "grp": "group", "bldg": "building", "bldrs": "builder",
    "constr": "construction", "const": "construction", "contr": "contractor", "eng": "engineering",
    "engr": "engineering", "engrg": "engineering", "equip": "equipment", "dist": "distribution",
    "distr": "distribution", "whse": "warehouse", "trans": "transport", "transp": "transport", "plbg": "plumbing",
    "htg": "heating", "elec": "electric", "electrical": "electric", "auto": "automotive", "rest": "restaurant",
    "sch": "school", "schl": "school", "elem": "elementary", "acad": "academy", "comm": "community",
    "cmty": "community", "gov": "government", "govt": "government", "dev": "development", "devel": "development",
    "prof": "professional", "ins": "insurance", "fin": "financial", "finl": "financial", "labs": "laboratory",
    "lab": "laboratory", "pharm": "pharmacy", "rehab": "rehabilitation", "st": "saint", "ste": "sainte", "mt": "mount",
    "ft": "fort", "cnty": "county", "amer": "american", "sys": "system", "prods": "product", "prod": "product",
    "ent": "enterprise", "ents": "enterprise", "supp": "supply", "lmbr": "lumber", "mach": "machine",
    "mtls": "material", "props": "property", "inst": "institute", "med": "medical", "dr": "doctor",
    "konink": "koninklijke", "koninkl": "koninklijke", "kon": "koninklijke", "kgl": "koninklijke",
    "mij": "maatschappij", "pharml": "pharmaceutical",
    "internat": "international", "internl": "international", "telecomm": "telecommunication",
    "coll": "college", "soln": "solution", "solns": "solution", "fab": "fabrication",
    "grille": "grill", "deli": "delicatessen", "labour": "labor",
    "childrens": "child",
    "children": "child", "kids": "kid", "childcare": "child", "daycare": "day",
}  # fmt: skip

# Trades and bodies in other languages of the country's signs, to the English word; of two words, the telling one.
TRANSLATIONS = {
    "panaderia": "bakery", "pasteleria": "bakery", "boulangerie": "bakery", "patisserie": "bakery",
    "piekarnia": "bakery", "backerei": "bakery", "baeckerei": "bakery", "carniceria": "meat", "boucherie": "meat",
    "farmacia": "pharmacy", "pharmacie": "pharmacy", "apteka": "pharmacy", "apotheke": "pharmacy",
    "restaurante": "restaurant", "restauracja": "restaurant", "ristorante": "restaurant", "supermercado": "market",
    "mercado": "market", "marche": "market", "tienda": "store", "ferreteria": "hardware", "lavanderia": "laundry",
    "peluqueria": "salon", "floreria": "florist", "zapateria": "shoe", "joyeria": "jewelry", "libreria": "book",
    "muebleria": "furniture", "llantera": "tire", "taller": "shop", "clinica": "clinic", "clinique": "clinic",
    "dentista": "dentist", "abogado": "attorney", "iglesia": "church", "eglise": "church", "kosciol": "church",
    "bautista": "baptist", "escuela": "school", "ecole": "school", "szkola": "school", "colegio": "school",
    "biblioteca": "library", "bibliotheque": "library", "biblioteka": "library",
}  # fmt: skip

# What stands in the name's column where there is no name.
NO_NAMES = {
    "n a", "na", "none", "nil", "null", "unknown", "not known", "not applicable", "no name", "tbd", "tba", "test", "x",
    "xxx", "self employed", "selfemployed", "self", "unemployed", "retired", "home", "various", "see notes", "same",
}  # fmt: skip

# Digits that a scanner writes for letters.
MISREAD = str.maketrans({"0": "o", "1": "l", "5": "s"})

# Words that a name may have or lack and stay the same name.
FILLER_WORDS = word_set(
    """act advisory agency ak alliance am american and ao ar area assist associate association aust
    australasia australia australian az ca chair chairman chairperson chief coalition
    companie company convenor corporate ct dc delegation director enterprise executive family
    federal fl ga general global government group head holding hon il international join
    joint ks ky local md member mi mid minister ministry mlc mn mo mp mr mrs ms mt national nc nd nh nj
    nm nsw nv ny office officer organisation organization outgoing partner partnership president
    professional project qld region regional relation representative representing ri sc sd service
    society solution staff state system tas team tn tx united us usa ut va various vic vt wa wi
    worldwide wv wy
    koninklijke maatschappij gesellschaft societe soc compagnie compania cia cie van der den het von zu te le les du des
    da do dos di"""
)

# Words that many names share: alone they tell little.
COMMON_WORDS = word_set(
    """academy accounting board commission committee federation forum union affair automotive bank bar branch brother
    building business cafe camp care catering center central chamber child church city clinic club college commerce
    community construction consulting contractor coop cooperative council counsel county credit day dental department
    design development distribution district division doctor east education electric elementary employment engineering
    equipment farm finance financial fire first food foundation health heating high home hospital hotel housing human
    industrial industry institute insurance investment job kid laboratory lake law lawyer learning library logistic
    machine management manufacturing market material medical network new north park person pharmacy plumbing police
    preschool product property public recreation resident resource restaurant roofing saint salon school science shop
    son south start store street studio supply support technical technology tool training transport transportation
    university valley venture village warehouse water welding west women work worker workforce youth"""
)

# What a business does, in the words of the industry classification (NAICS titles): no name of its own either.
TRADE_WORDS = word_set(
    """accountant accounting administrative advertising aerospace agricultural agriculture air aircraft ambulance animal
    apparel appliance architect architectural art asphalt attorney auto bakery banking barber beauty beverage
    biotechnology bistro boat body book bookkeeping brewery broadcasting broker brokerage buffet builder building
    cabinet cable car carpentry carpet casting caterer cemetery ceramic chemical chiropractic chiropractor cleaner
    cleaning clothing coating coffee collision communication component computer concrete container contracting
    control cosmetic counseling court craft cutting dairy dance data dealer deli delicatessen dentist dentistry
    detention digital dining door drilling drug drywall eating educational electrician electronic elevator energy
    engine engineer entertainment environmental estate excavating export express exterminating fabric fabricating
    fabrication farming fence fertilizer fiber film fishing fitness floor flooring florist foam footwear forest
    forestry foundry freight fruit fuel funeral furniture gallery game garage garden gas gasoline gift glass golf
    grain graphic grill grocery hair handling hardware heavy hosting hydraulic import information instrument
    interior investigation iron irrigation janitorial jewelry kennel kitchen landscape landscaping laundry lawn
    leasing leather legal lending light lighting linen liquor livestock loan locksmith lounge lumber machinery
    machining mail maintenance marine masonry meat mechanical media metal mill milling mining mobile molding
    mortgage motel motor moving museum music nursery nursing oil optical optometrist organic outdoor packaging
    packing paint painting paper parking parts pediatric pest pet petroleum pharmaceutical photo photography
    physical physician pizza plastic plating polymer pool poultry power preparation press printing private
    processing production program publishing pump radio rail railroad real realty recovery recreation recycling
    refrigeration rehabilitation remodeling rental repair research residential retail retirement room rubber safety
    sanitation saving screen security semiconductor senior sewing sheet shipping shoe sign software solar sport
    staffing stamping steakhouse steel stone storage surgery surveying tavern tax taxi telecommunication telephone
    television testing textile theater therapy tile timber tire title tobacco tour towing toy trade trading travel
    tree truck trucking turbine upholstery urban utility vehicle vending ventilation veterinary video vision waste
    watch web welfare wholesale window wine wire wireless wood woodworking
    bagel barbecue bbq bicycle bike billiard burger butcher cellular chicken cigar coin computer crepe cupcake donut
    doughnut eyewear framing gym hearing hobby juice karate massage mattress nail nutrition optic paintball pawn phone
    pilates pub ramen sandwich seafood smoke smoothie spa stationery steak sushi tailor taco tan tanning taqueria tattoo
    tea tutoring vape waxing wing yoga"""
)

# A name of a group of firms: beside one of another trade it is another firm of the group.
STRUCTURE_WORDS = word_set("company enterprise global group holding international partner service solution system")

# Bodies that have parts which go by the body's name and one of their own: "City of X" by its first word, "X County",
# "X College" and "College of X" by their first or last.
BODY_WORDS_IN_FRONT = word_set("city town village")
BODY_WORDS = BODY_WORDS_IN_FRONT | word_set("college council county department district ministry township university")

# One more of these on one side is a part of the other body, not the body: a department is not its city.
UNIT_WORDS = word_set(
    """admission branch bureau campus clerk court department division faculty fire hr humanresource library payroll
    plant police procurement publichealth publicsafety publicwork purchasing recreation registrar sewer sheriff
    treasurer"""
)

# Two names that differ in a pair of these name two places.
CONTRASTS = {
    "north": "compass", "south": "compass", "east": "compass", "west": "compass", "northern": "compass",
    "southern": "compass", "eastern": "compass", "western": "compass", "upper": "height", "lower": "height",
    "junior": "age", "senior": "age", "elementary": "school", "middle": "school", "high": "school",
    "primary": "school", "men": "sex", "women": "sex", "boy": "sex", "girl": "sex",
}  # fmt: skip

ROMAN_NUMERALS = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}

NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip

ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip

STREET_SUFFIXES = {
    "street": "st", "st": "st", "str": "st", "avenue": "ave", "ave": "ave", "av": "ave", "aven": "ave", "road": "rd",
    "rd": "rd", "drive": "dr", "dr": "dr", "drv": "dr", "boulevard": "blvd", "blvd": "blvd", "bl": "blvd",
    "boul": "blvd", "lane": "ln", "ln": "ln", "court": "ct", "ct": "ct", "parkway": "pkwy", "pkwy": "pkwy",
    "pky": "pkwy", "highway": "hwy", "hwy": "hwy", "place": "pl", "pl": "pl", "way": "way", "wy": "way",
    "terrace": "ter", "ter": "ter", "circle": "cir", "cir": "cir", "square": "sq", "sq": "sq", "trail": "trl",
    "trl": "trl", "pike": "pike", "plaza": "plz", "plz": "plz", "route": "rte", "rte": "rte", "expressway": "expy",
    "alley": "aly", "crescent": "cres", "loop": "loop",
}  # fmt: skip

DIRECTIONS = {
    "n": "n", "s": "s", "e": "e", "w": "w", "north": "n", "south": "s", "east": "e", "west": "w", "ne": "ne",
    "nw": "nw", "se": "se", "sw": "sw", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
    "no": "n", "so": "s",
}  # fmt: skip

UNIT_MARKS = {
    "suite", "ste", "unit", "apt", "apartment", "room", "rm", "floor", "fl", "flr", "bldg", "building", "lot", "dept",
    "#", "spc", "space",
}  # fmt: skip

# What follows one of these is where the house is, not what its street is called.
CROSS_STREETS = {"between", "btwn", "btw", "bet", "near", "at", "opposite", "off", "corner"}

PLACE_WORDS = {"st": "saint", "ft": "fort", "mt": "mount", "n": "north", "s": "south", "e": "east", "w": "west"}

FREE_MAIL = word_set(
    """gmail.com googlemail.com yahoo.com ymail.com hotmail.com outlook.com live.com msn.com aol.com icloud.com me.com
    mac.com comcast.net att.net sbcglobal.net verizon.net bellsouth.net charter.net cox.net earthlink.net gmx.com
    gmx.net gmx.de web.de mail.com protonmail.com proton.me zoho.com yandex.com frontier.com ameritech.net juno.com
    optonline.net roadrunner.com rr.com bigpond.com bigpond.net.au optusnet.com.au hotmail.co.uk yahoo.co.uk
    btinternet.com rocketmail.com windstream.net centurylink.net mail.ru"""
)

# Mailboxes of an office: whoever has one shares it.
ROLE_MAILBOXES = word_set(
    """accounts admin administration billing careers contact customerservice director enquiries frontdesk general hello
    help hr humanresources info information inquiries jobs mail main manager marketing office orders reception
    recruiting sales secretary service services support team"""
)

# Hosts on which anybody has a page: having one in common says nothing.
SHARED_HOSTS = word_set(
    """facebook.com fb.com linkedin.com instagram.com twitter.com x.com youtube.com yelp.com google.com wixsite.com
    wix.com weebly.com wordpress.com blogspot.com squarespace.com godaddysites.com business.site tripadvisor.com
    yellowpages.com etsy.com shopify.com myshopify.com github.io tumblr.com pinterest.com linktr.ee webs.com
    tiktok.com bit.ly"""
)

# Endings under which names are given out one level further down.
SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gov", "edu", "ac", "k12", "asn", "id", "ltd", "plc"})

# One person's short names. A short name may stand for several, so it is weak evidence (Pat: Patrick, Patricia).
NICKNAMES = {
    "robert": "bob rob bobby robbie robin bert", "william": "bill will billy willie liam bil wil",
    "james": "jim jimmy jamie jem jimmie", "richard": "rick dick rich richie dickie ritchie",
    "michael": "mike mick mickey mikey micky", "thomas": "tom tommy thom", "joseph": "joe joey jos",
    "charles": "chuck charlie chas charley", "daniel": "dan danny dannie", "matthew": "matt matty",
    "anthony": "tony ant", "steven": "steve stevie", "stephen": "steve stevie",
    "edward": "ed eddie ted ned eddy teddy neddy", "kenneth": "ken kenny kennie", "timothy": "tim timmy",
    "jeffrey": "jeff", "gregory": "greg", "patrick": "pat paddy patsy rick", "benjamin": "ben benny benjy",
    "samuel": "sam sammy", "nicholas": "nick nicky nico klaus", "jonathan": "jon",
    "john": "jack johnny jock jackie johnnie", "christopher": "chris kit topher christy", "andrew": "andy drew dandy",
    "david": "dave davy davey", "donald": "don donny", "ronald": "ron ronny", "raymond": "ray raymie",
    "lawrence": "larry laurie lars lorry", "gerald": "jerry gerry", "peter": "pete", "philip": "phil pip",
    "phillip": "phil pip", "douglas": "doug dougie", "frederick": "fred freddy freddie fritz",
    "alexander": "alex alec sandy xander sasha alick", "henry": "hank harry hal harrie heinz",
    "francis": "frank fran frankie", "theodore": "ted theo teddy", "vincent": "vince vin vinny",
    "walter": "walt wally wat", "zachary": "zach zack zac",
    "elizabeth": "liz beth betsy betty eliza lisa bess bessie lizzy libby elsie elspeth ellie elise lilibet",
    "jennifer": "jen jenny", "patricia": "pat patty trish tricia patsy",
    "katherine": "kathy kate katie kat katy kitty kay kathie kit", "catherine": "cathy kate cate kitty cat cathie",
    "kathleen": "kathy", "margaret": "peggy meg maggie mag peg marge margie daisy greta maisie madge rita",
    "susan": "sue susie suzy", "deborah": "deb debbie debby", "rebecca": "becky becca",
    "christine": "chris tina chrissy", "christina": "chris tina chrissy", "kimberly": "kim kimmy",
    "jessica": "jess jessie", "angela": "angie", "sandra": "sandy", "barbara": "barb barbie babs", "pamela": "pam",
    "teresa": "terry tess tessa", "theresa": "terry tess tessa", "victoria": "vicky vicki tori viki",
    "cynthia": "cindy", "amanda": "mandy amy", "dorothy": "dot dottie dolly dotty dora", "jacqueline": "jackie",
    "judith": "judy jude", "virginia": "ginny ginger", "samantha": "sam", "alexandra": "alex", "stephanie": "steph",
    "valerie": "val", "abigail": "abby gail", "suzanne": "sue", "guadalupe": "lupe", "francisco": "paco pancho frank",
    "jose": "pepe", "eduardo": "eddie", "albert": "al bert bertie", "alfred": "alf alfie fred",
    "arthur": "art artie arty", "ernest": "ern ernie", "george": "georgie geo", "harold": "harry hal",
    "herbert": "herb bert bertie", "hubert": "bert hugh", "hugh": "huey hughie", "isaac": "ike zack",
    "jacob": "jake jack", "leonard": "len lenny leo", "louis": "lou lew louie", "lewis": "lew lou", "martin": "marty",
    "oliver": "ollie noll", "reginald": "reg reggie rex", "roger": "rog hodge", "rudolph": "rudy", "sebastian": "seb",
    "sidney": "sid", "stanley": "stan", "terence": "terry", "wilfred": "wilf fred", "eugene": "gene",
    "gilbert": "gil bert", "gabriel": "gabe", "geoffrey": "geoff jeff", "nathaniel": "nat nate", "nathan": "nat nate",
    "norman": "norm", "percival": "percy", "randolph": "randy", "roderick": "rod roddy", "solomon": "sol",
    "tobias": "toby", "valentine": "val", "archibald": "archie", "augustus": "gus", "bartholomew": "bart",
    "bernard": "bernie", "cornelius": "neil", "ebenezer": "eben", "edmund": "ed ned ted eddy", "edgar": "ed",
    "edwin": "ed ned eddy", "emanuel": "manny", "ferdinand": "ferdie", "abraham": "abe", "adelaide": "addie",
    "agnes": "aggie nessie", "alice": "ally allie", "amelia": "millie amy", "ann": "annie nan nancy", "anna": "annie",
    "anne": "annie nan nancy", "antoinette": "toni nettie", "beatrice": "bea trixie", "bridget": "biddy",
    "caroline": "carrie caro", "cecilia": "cis cissy", "charlotte": "lottie lotty charlie", "clara": "clare",
    "constance": "connie", "edith": "edie", "eleanor": "ellie nell nellie nora lena", "ellen": "nell nellie",
    "emily": "em emmy", "emma": "em emmy", "esther": "essie hetty", "ethel": "eth", "eugenia": "genie", "eva": "evie",
    "florence": "flo flossie", "frances": "fanny fran frankie", "georgina": "georgie", "gertrude": "gert gertie trudy",
    "gwendolen": "gwen", "harriet": "hattie hetty", "helen": "nell nellie ellie", "henrietta": "hetty etta hattie",
    "hester": "hetty essie", "isabel": "bella izzy belle", "isabella": "bella izzy belle", "jane": "janie jenny",
    "janet": "jan jenny", "jean": "jeanie", "joan": "joanie", "josephine": "jo josie", "julia": "julie",
    "lavinia": "vinnie", "letitia": "letty", "lillian": "lil lily", "louisa": "lou lulu", "louise": "lou lulu",
    "lucy": "lu", "mabel": "mab", "martha": "marty mattie patty", "mary": "molly polly may mamie", "maria": "mia",
    "matilda": "tilly mattie maud", "mildred": "millie", "millicent": "millie", "nancy": "nan", "octavia": "tavy",
    "penelope": "penny", "philippa": "pippa", "prudence": "pru", "rachel": "rae", "rosalind": "ros", "rosamund": "ros",
    "sarah": "sally sadie", "sophia": "sophie", "susanna": "sue suky", "sylvia": "syl", "ursula": "ursie",
    "wilhelmina": "mina minnie billie", "winifred": "win winnie freda", "giovanni": "gianni", "giuseppe": "beppe",
    "ignacio": "nacho", "jesus": "chuy", "luis": "lucho", "manuel": "manny manolo", "roberto": "beto",
    "alberto": "beto", "enrique": "quique", "dolores": "lola", "consuelo": "chelo", "isabelle": "bella belle",
    "leopold": "leo", "leon": "leo", "maximilian": "max", "melissa": "missy", "allison": "ally", "bradley": "brad",
    "calvin": "cal", "clifford": "cliff", "clinton": "clint", "dominic": "dom", "joshua": "josh", "jeremy": "jerry",
    "jerome": "jerry", "mitchell": "mitch", "russell": "russ", "victor": "vic", "gwendolyn": "gwen", "jill": "jilly",
    "gillian": "jill gill", "lucille": "lucy", "madeline": "maddy", "natalie": "nat", "nicole": "nicky",
    "sharon": "shari", "tamara": "tammy", "vanessa": "nessa", "yvonne": "vonnie", "joanna": "jo", "joanne": "jo",
    "roberta": "bobbie", "regina": "gina", "angelina": "angie lina", "carolyn": "carrie carol", "cassandra": "cassie",
    "felicity": "flick",
}  # fmt: skip

PERSON_TITLES = word_set(
    """mr mrs ms miss dr prof professor hon rev reverend sir mx sister father dame mayor senator sen representative
    captain capt lieutenant lt sergeant sgt colonel col superintendent supt commissioner alderman alderwoman councilman
    councilwoman councilmember attorney atty pastor judge lady lord rabbi"""
)
PERSON_SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "2", "iii": "3", "iv": "4",
}  # fmt: skip
PERSON_DEGREES = word_set(
    """phd md esq cpa mba jd rn dds ma mp mlc am ao shrm cp scp phr sphr pmp cfp cfa edd dvm dmd msw lcsw bsn msn pharmd
    pe aia fache"""
)
# Words with which a last name begins.
NAME_PARTICLES = word_set("de la del della da dos du di van von der den ter bin ibn al el")
# One first name, spelled in two ways: the commonest is the key.
FIRST_NAME_SPELLINGS = {
    "anna": "ana ann anne annie", "sarah": "sara", "john": "jon", "mohammed": "muhammad mohamed mohammad muhammed",
    "ahmed": "ahmad", "hussein": "husain hussain", "sergei": "sergey serge", "yuri": "yury", "alexei": "alexey alexi",
    "natalia": "natalya nataliya", "julia": "yulia", "catherine": "katherine kathryn katharine", "jeffrey": "geoffrey",
    "steven": "stephen stephan", "eric": "erik", "marc": "mark", "alan": "allan allen", "brian": "bryan",
    "teresa": "theresa", "philip": "phillip", "isabel": "isabelle isabella", "hannah": "hanna",
}  # fmt: skip
