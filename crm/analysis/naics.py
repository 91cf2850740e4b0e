"""The titles of industries: sectors and subsectors of the North American Industry Classification System (2022)."""

from __future__ import annotations

# The sectors that the system writes as a range of two-digit codes.
RANGES = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49", "49": "48-49"}

TITLES = {
    "11": "Agriculture, forestry, fishing and hunting",
    "111": "Crop production", "112": "Animal production and aquaculture", "113": "Forestry and logging",
    "114": "Fishing, hunting and trapping", "115": "Support for agriculture and forestry",
    "21": "Mining, quarrying, oil and gas extraction",
    "211": "Oil and gas extraction", "212": "Mining, except oil and gas", "213": "Support for mining",
    "22": "Utilities", "221": "Utilities",
    "23": "Construction",
    "236": "Construction of buildings", "237": "Heavy and civil engineering construction",
    "238": "Specialty trade contractors",
    "31-33": "Manufacturing",
    "31": "Manufacturing: food, drink, textiles, leather",
    "32": "Manufacturing: wood, paper, chemicals, plastics, minerals",
    "33": "Manufacturing: metal, machinery, electronics, vehicles",
    "311": "Food manufacturing", "312": "Beverages and tobacco", "313": "Textile mills", "314": "Textile product mills",
    "315": "Apparel manufacturing", "316": "Leather manufacturing", "321": "Wood products", "322": "Paper",
    "323": "Printing", "324": "Petroleum and coal products", "325": "Chemicals", "326": "Plastics and rubber",
    "327": "Nonmetallic minerals", "331": "Primary metals", "332": "Fabricated metal products", "333": "Machinery",
    "334": "Computers and electronics", "335": "Electrical equipment and appliances", "336": "Transport equipment",
    "337": "Furniture", "339": "Miscellaneous manufacturing",
    "42": "Wholesale trade",
    "423": "Wholesalers, durable goods", "424": "Wholesalers, nondurable goods", "425": "Wholesale agents and brokers",
    "44-45": "Retail trade", "44": "Retail trade", "45": "Retail trade, other",
    "441": "Vehicle and parts dealers", "444": "Building material and garden dealers",
    "445": "Food and beverage retailers", "449": "Furniture and electronics retailers", "455": "General merchandise",
    "456": "Health and personal care retailers", "457": "Gasoline stations and fuel dealers",
    "458": "Clothing and jewelry retailers", "459": "Sporting goods, hobby, book and other retailers",
    "48-49": "Transport and warehousing", "48": "Transport", "49": "Couriers and warehousing",
    "481": "Air transport", "482": "Rail transport", "483": "Water transport", "484": "Truck transport",
    "485": "Passenger transport", "486": "Pipelines", "487": "Sightseeing transport", "488": "Support for transport",
    "491": "Postal service", "492": "Couriers and messengers", "493": "Warehousing and storage",
    "51": "Information",
    "512": "Film and sound recording", "513": "Publishing", "516": "Broadcasting and content",
    "517": "Telecommunications", "518": "Computing infrastructure and hosting", "519": "Web search and libraries",
    "52": "Finance and insurance",
    "521": "Central bank", "522": "Credit intermediation", "523": "Securities and investments", "524": "Insurance",
    "525": "Funds and trusts",
    "53": "Real estate, rental and leasing",
    "531": "Real estate", "532": "Rental and leasing", "533": "Lessors of intangible assets",
    "54": "Professional, scientific and technical services", "541": "Professional and technical services",
    "55": "Management of companies", "551": "Management of companies",
    "56": "Administrative, support and waste services",
    "561": "Administrative and support services", "562": "Waste management",
    "61": "Education", "611": "Education",
    "62": "Health care and social assistance",
    "621": "Ambulatory health care", "622": "Hospitals", "623": "Nursing and residential care",
    "624": "Social assistance",
    "71": "Arts, entertainment and recreation",
    "711": "Performing arts and sports", "712": "Museums and historical sites", "713": "Amusement and recreation",
    "72": "Accommodation and food services", "721": "Accommodation", "722": "Food services",
    "81": "Other services",
    "811": "Repair and maintenance", "812": "Personal and laundry services", "813": "Membership organizations",
    "814": "Private households",
    "92": "Public administration",
    "921": "General government", "922": "Justice and safety", "923": "Human resource programs",
    "924": "Environmental programs", "925": "Housing and planning programs", "926": "Economic programs",
    "927": "Space research", "928": "National security",
}  # fmt: skip


def find_title(code: str) -> str:
    """The title of a code, or of the longest beginning of it that has one; nothing for a code that is none."""
    return next((TITLES[code[:end]] for end in range(len(code), 1, -1) if code[:end] in TITLES), "")
