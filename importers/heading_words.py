"""The words of column headings: what people call the things that a plain file has columns for.

Headings are compared as words, after abbreviations are written out (`heading_spellings`). Each thing has its phrases;
`*0.6` after one says that the phrase alone is a weak sign. Things that begin with `-` have no column
(`heading_nothings`).
"""

import re

from importers.heading_languages import EMPTY
from importers.heading_nothings import NOTHINGS
from importers.name_words import to_words


def _read_lexicon(text: str) -> dict[str, str]:
    """thing -> its phrases; a line that begins with blanks goes on with the thing before it."""
    lexicon: dict[str, str] = {}
    thing = ""
    for line in text.strip().splitlines():
        phrases = line
        if not line.startswith(" "):
            thing, _, phrases = line.partition(":")
        lexicon[thing] = f"{lexicon.get(thing, '')} {phrases.strip()}".strip()
    return lexicon


LEXICON: dict[str, str] = _read_lexicon(
    """
company: nonprofit, nonprofit name, charity, charity name, practice name, mill name, registered employer name, company,
    company name, entity met, organization met, company met, firm met, business met, business, business name, employer,
    employer name, organization, organization name, account name, account, firm, firm name, establishment, establishment
    name, site name, client firm, client company, client*0.8, client name*0.8, customer*0.85, customer name*0.85, member
    name*0.85, member*0.7, member company, member organization, facility name, facility, vendor name, vendor, supplier,
    supplier name, provider name, provider*0.85, company account, associated company, entity name, entity*0.8, licensee
    name, licensee, permittee, permittee name, school name, school*0.8, restaurant name, restaurant, store name,
    store*0.8, location name, clinician group name, practice group name, provider group name, taxpayer name*0.8,
    applicant*0.6, organization individual, workplace, partner*0.6, partner name*0.8, partner organization, exhibitor,
    exhibitor name, corporation, corporation name, institution, institution name, hospital name, hospital, manufacturer,
    contractor*0.8, contractor name, client business, place of work, works for, worksite, worksite name, plant*0.7,
    plant name, property name*0.7, agent company, related to*0.6, regarding*0.5, company contacted, business visited,
    employer contacted, company visited, business contacted, current employer, company affiliation, affiliation,
    branch*0.6, branch name, bank name, club name, center name, operator name*0.7, operator*0.6, host company, host
    site, host employer, placement site, internship site, training site*0.8, clinical site, host organization, contact
    company, brand*0.6, dealer name, dealer, brewery name, winery name, hotel name, farm name, retailer, merchant,
    merchant name, outlet name, recipient name*0.8, recipient*0.7, grantee, grantee name, awardee, contract vendor,
    sponsor name*0.95, sponsor*0.7, borrower name, borrower, lobbyist client*0.8, clinic name, facility company, labor
    organization, donor name*0.6, lessee, lessee name, tenant*0.7, tenant name, title of organization
dba: also known as, assumed name, assumed business name, name trade, dba, dba name, trade name dba, dba trade name,
    doing business as, doing business as name, trade name, trading name, trading as, business trade name, tradestyle,
    trade style, tradestyle name, fictitious name, common name*0.7, storefront name, public name, popular name*0.7
legal: taxpayer name*0.85, legal entity name, legal name, legal business name, registered name, corporate name,
    ownership name, registered business name, business legal name, official name, legal entity, owner business name,
    entity legal name, business owner name*0.7, legal company name, company legal name, full legal name
name: name, full_name*0.9
first: first name, first, given name, given*0.9, name first
last: last name, last, family name, family*0.7, name last
person: signatory, signatory name, authorized signatory, call to*0.7, company official, business official, who did you
    meet with, who did you speak with, business owner*0.95, point of contact, point of contact name, decision maker,
    hiring manager, individual contacted, site supervisor, host site supervisor, worksite supervisor, workplace
    supervisor, site mentor, site contact, employer attendee, key_contact, key_contact name, lobbyist, lobbyist name,
    speaker, speaker name, volunteer, volunteer name, panelist, contact, contact name, first last name, interviewee,
    recruiter name, who attended, attended by, with*0.6, full_name, contact person, person, person name, primary
    contact, main contact, contact full_name, display name, attendee, attendee name, participant, participant name,
    executive name, executive, owner name, principal, principal name, representative, representative name, spoke with,
    met with, who we met, whom we met, who, individual*0.8, individual name, registrant, registrant name, subscriber
    name, key contact, officer name, officer*0.8, director name, director*0.8, administrator*0.9, administrator name,
    manager name, ceo, ceo name, president*0.9, president name, person contacted, person met, contact person name, we
    met, who did we meet, business contact, employer contact, company contact, client contact, delegate, invitee, guest,
    guest name, visitor, visitor name, spoke to*0.9, talked to, required attendee, people present, in attendance,
    present*0.6, sole proprietor, proprietor, employee name, person interviewed, hr contact, attendee list, name of
    contact, member contact, chef*0.5, agent name*0.6, people, people met, reviewer*0.4, leader*0.6, addressee*0.9
title: title, job_title, position, role, job role, professional title, designation, occupation*0.8, contact title,
    contact role, executive title, position title, job*0.8, function*0.8, job function, title position, title role,
    organization title, job position, position held, business title, rank*0.5, responsibility, contact position, working
    title
assistant: assistant, assistant name, gatekeeper, secretary*0.6, executive assistant, admin assistant, administrative
    assistant, scheduler, ea name
email: email, email address, email 1, primary email, work email, contact email, mail, email value, business email
phone: phone bureau, contact number, main line, phone main line, phone, phone number, business phone, work phone, office
    phone, main phone, primary phone, daytime phone, phone value, company main phone, phone 1, phone extension*0.6,
    direct phone, direct line, contact phone, voice phone, landline, switchboard, direct dial, phone direct, office
    number*0.7, work number*0.7, main number*0.7, voice*0.6
mobile: mobile, mobile number, mobile phone number, personal mobile, direct mobile
assistant_phone: assistant phone, assistant phone number, gatekeeper phone, secretary phone
do_not_contact: remove from list, email unsubscribed, do not contact, do not call, opt_out, email opt_out, do not email,
    unsubscribed, dnc, has opt_out of email, unsubscribe, do not solicit, no contact, no email, dont contact,
    donotcontact, donotcall
street: street, address, street house number, street address, address line, address 1, address line 1, address street,
    location address, site address, physical address, business address, street name*0.6, office address, premise
    address, property address, full address, address full, address street name*0.85, location*0.55, work address,
    company address, premises*0.6, establishment address, facility address, address formatted*0.5, number and street,
    street 1, address street 1, street line 1, work location*0.6, worksite address, address 1 line, principal address,
    principal office address, principal street, principal place of business
street_part: house number, building number*0.9, street number, address number*0.8, civic number, premise number, address
    building, street direction, street director, address direction, street prefix, street type, street suffix, street
    pre direction, street post direction, street dir prefix, house
street_2: supplemental address 1, supplemental address, supplemental address 2, additional address, address 2, street 2,
    address line 2, suite, suite number, street line 2, address street 2, street extra, address continued, street
    extended, address extended, address extra, extended address, street 3, address 3, address line 3, street address 2,
    building suite, floor*0.6, address suite, street address line 2
city: city, address city, city name, village, borough*0.6, suburb, city county, business city, municipality, city
    location, place*0.4, city state*0.85, city state zip*0.85, community*0.5, post office*0.5
state: state, state code, state name, address state, region*0.4, state region, address region, state abbreviation, state
    or territory, st
zip: zip, zip 4, zip plus 4, zip number, address zip, zip 5, zip postal, source zip
county: fips county name, county, county name, address county
website: website, website address, website link, company website, domain*0.9, company domain name, website url, company
    domain, domain name, internet address, link*0.5, web presence
ein: fei number*0.9, ein, ein number, tax_id, federal tax_id, employer identification number, federal employer id,
    federal id, tax identification number, federal employer identification number, employer id number*0.7, ein 1, irs
    number, tax_id number, tax id number, federal tax id, employees identification number*0.6
naics: naics, naics code, primary naics, primary naics code, industry code*0.75, naics 1, naics number, primary naics 1,
    naics industry code, naics industry, industry naics, naics sector*0.8
employees: workforce*0.7, total staff, employees, employees count, number employees, company size, employees size, staff
    size, fte, workforce size, total employees, full time employees*0.75, number staff, staff count, employees
    range*0.7, location employees size, company staff*0.9, local employees, current employees, size*0.5, size of
    company, size of workforce, number of workers, employees total, employees number, employees here, employees on site,
    company employees, employees size actual, fte count, number of fte, full time equivalent, number in establishment
parent: parent, parent company, parent account, parent organization, parent name, ultimate parent, owned by, parent
    company name, headquarters*0.5, parent corporation, headquarters company, corporate parent, holding company, parent
    business, franchisor, parent firm, parent account name
closed_on: closed on, closed date, date closed, closing date, close date*0.6, out of business date, business end date,
    location end date, closure date, dissolution date, inactive date*0.6, date closing, closed*0.6, date out of
    business, end date*0.5, cease date, ceased operations, closed since
id: rec number, id, record id, unique id, external id, number*0.4, code*0.35, ref*0.6, reference*0.6, reference number,
    ref number, source id, system id, row id*0.5, id number, objectid*0.4, object id*0.4, registration number*0.8, file
    number, registry number*0.9, control number*0.8, filing number*0.8, iusa number, legacy id, rec id, agency
    number*0.8, profile id*0.7
license_id: license serial number, certification number*0.8, loan number, loan id, grant number, award number, contract
    number*0.7, registry id, sponsor number*0.8, corporation number, entity number, entity id, charter id, npi, license
    number, license id, permit number, certificate number, registration id, license*0.6, permit id, credential number,
    charter number, permit*0.4
notes: meeting description*0.9, activity description*0.9, call description*0.9, visit description*0.9, anything else we
    should know, anything else you would like us to know, anything else you would like to share, anything else to add,
    anything else*0.8, key_point, point discussed, notes, full notes, discussed*0.8, description*0.65, details*0.65,
    memo, summary*0.7, narrative, additional information, additional notes, other information*0.7, free text, discussion
    notes, meeting notes, case notes, internal notes, call notes, visit notes, body preview, note body, call body,
    meeting body, what happened, observations, contact notes, discussion*0.7, discussion summary, log*0.5,
    background*0.6, text*0.5, body*0.6, message*0.5, minutes*0.5, meeting summary, notes summary, discussion points,
    general notes, account notes, member notes, background information, special instructions*0.6
date: sent at*0.6, sent on*0.6, date sent*0.6, sent date*0.6, message sent date*0.8, email sent date*0.8, started
    at*0.5, began at*0.5, date, contact date, date of contact, visit date, date of visit, meeting date, date of meeting,
    activity date, call date, service date, date of service, event date*0.9, start date*0.85, start*0.7, start date
    time*0.9, date time, activity date time, day*0.9, when, contacted on, contacted at, met on, visited on, visited at,
    called on, called at, emailed on, emailed at, phoned on, date contacted, date visited, date met, interaction date,
    engagement date, appointment date, completed date*0.6, date completed*0.7, timestamp*0.5, date start, date held,
    held on, start time*0.35, date of activity, date of call, date of interaction, date of service delivery, service
    delivery date, last contact date*0.6, date last contacted*0.6, outreach date, date of outreach, touch date, log
    date*0.8, note date*0.8, last contacted*0.5, visit day, occurred on, occurred, meeting start*0.8, begins*0.6, date
    provided, date service provided, created on*0.3, created date*0.35, date created*0.35, date entered*0.4, entry
    date*0.4, due date*0.25
program: program, program name, project*0.5, initiative*0.6, grant program*0.7, funding program*0.7, funding source*0.4,
    funding stream*0.5, our program, program area*0.7, program title
staff: presenter, trainer, responsible person, person responsible, call from*0.7, project manager*0.9, account
    representative, agency representative, assigned representative, workforce representative, program staff, author*0.7,
    coordinator*0.7, ambassador*0.7, employees staff, source_contact, staff created, added by, reported by, submitted
    by*0.8, seen by, staff, staff name, bsr, esr, interviewer, interviewed by, staff member, assigned, assigned to,
    representative*0.85, contacted by, completed by, logged by, entered by, counselor, consultant, business service
    representative, organizer, meeting organizer, host, our staff, case manager, advisor, specialist, user*0.6, recorded
    by, visited by, conducted by, caller, minister, official, council member*0.8, account manager, navigator, recruiter,
    outreach worker, team member, performed by, provided by*0.7, staff person, staff initials, our representative,
    business service consultant, activity owner, task owner, event owner, assigned staff, counsellor, coach,
    facilitator, who met, our contact*0.7, worker*0.4, made by, liaison, staff assigned, outreach specialist, employees
    responsible, responsible, by whom, by, our person, logged in by, commissioner*0.8, alderman*0.7, supervisor*0.6,
    created by*0.5, owner*0.8, owner name*0.5, account executive, business developer, case worker, job developer,
    office*0.3, staff email, who went
channel: how contact made, how was contact made, visit or call, visit call, visit call email, in person phone email,
    activity format, channel, contact method, method, method of contact, contact type, activity type, type*0.55,
    interaction type, meeting type*0.85, mode, mode of contact, medium, communication type, communication method, how
    contacted, how, type of contact, visit type, task subtype*0.85, event type*0.6, engagement type, contact mode,
    format*0.5, touch type, activity*0.5, touchpoint type, type of interaction, type of activity, type of meeting, means
    of contact, contact channel, outreach method, outreach type, via, how we met, type of visit, subtype*0.5, type of
    engagement, type of outreach, meeting format, contact form
direction: direction, call type*0.9, in out, inbound outbound, incoming outgoing, initiated by*0.8, who initiated, call
    direction, inbound or outbound
purpose: goal of visit, goal*0.6, nature of call, why we met, purpose of engagement, objective of visit, purpose,
    reason, purpose of meeting, purpose of contact, purpose of visit, reason for contact, reason for visit,
    objective*0.7, contact purpose, visit purpose, reason for call, contact reason, call reason, meeting purpose,
    purpose of call, nature of contact, nature of visit, call purpose, activity purpose, visit reason, reason for
    meeting, purpose code, why*0.7, type of need*0.5
topics: area of assistance, area of counseling, assistance area, what they need, what they want, what is needed,
    activity description*0.7, activity name, issue*0.9, interests, areas of interest, area of interest, communication
    title, task title, task name, appointment title, communication name, interaction title, concern, complaint*0.8,
    inquiry*0.7, question asked, topic, subject, meeting event, event*0.6, meeting*0.6, event name*0.6, engagement*0.5,
    agenda, about, keywords*0.8, what about, discussed, topic discussed, matters discussed, items discussed, discussion
    topic, subject matter, theme, tags*0.4, subject line, meeting subject, matter, meeting topic, topic of discussion,
    meeting title, event title*0.8, activity title, call title, issue identified, issue discussed, issue raised, topic
    identified, meeting name*0.6, call subject, regarding*0.7, spoke about, talked about
reached: successful, success, spoke with someone, live contact, reached, connected*0.8, contact made, successful
    contact, answered, response received, reached them, spoke to contact, contact successful, made contact, talked, got
    through, responded
outcome: recommendation, recommendations, resolution, takeaways, key_takeaways, what happened next, response from
    employer, employer response, results of contact, outcome description, outcome, result, call result, result of
    contact, result of visit, disposition, call disposition, decision, status*0.35, what came of it, outcome of visit,
    outcome of meeting, call outcome, contact outcome, visit outcome, meeting outcome, result of call, conclusion,
    response*0.5
promise: next move, my next move, action needed, action plan*0.7, commitment made, next_step, action step, follow_up,
    action item, to do, next action, commitment, promise, follow_up needed, follow_up action, action*0.6, required
    follow_up, follow_up required, next action step, action required, we promised, promised, follow_up item, follow_up
    notes*0.8, action to take, next follow_up, agreed action
promise_due: by when, by date, by what date, next visit date, next call date, callback date, call back date, next touch
    date, next meeting date, next follow_up, next contact*0.9, next visit, next call, next appointment, follow_up date
    time, next contact date time, due date time*0.75, follow_up date, due date*0.75, next_step date, next contact date,
    follow_up due, follow_up by, due*0.7, promise due, date of follow_up, due by, next action date, follow_up on, action
    due, due on, deadline*0.6
promise_kept_on: promise kept on, follow_up completed on, follow_up completed date, date follow_up completed, promise
    kept
service: service, service provided, service type, service category, type of service, service name, service rendered,
    service delivered, wioa service, service code*0.6, service description*0.8, kind of service, assistance provided,
    type of assistance, service offered*0.7, activity service, eta 9169 category, eta category, service category name,
    services given, assistance type, employer service, service received
service_begun: service begun, service start date, service begin date, begin date, service began, service start, date
    service began, date service started, actual begin date, actual start date*0.8, service from, start of service,
    projected begin date*0.4
service_ended: service ended, service end date, service end, service completed, service completion date, end date*0.5,
    actual end date, date service ended, service to, end of service, service close date, service exit date
visibility: visibility
agency: agency*0.85, agency name*0.8, source agency, reporting agency, lead agency, partner agency, our agency,
    source*0.3, data source*0.3, department*0.2, submitting agency, agency source
from_program: from program, referred by, referring program, referral from, referral source, referred from, from agency,
    referring agency, referring partner, sending program
to_program: to program, referred to, receiving program, referral to, to agency, receiving agency, receiving partner,
    referred program, referral partner
offered_on: offered on, referral date, date referred, date of referral, referred on, referred date, referral made
accepted_on: accepted on, accepted date, date accepted, referral accepted, acceptance date
declined_on: declined on, declined date, date declined, referral declined, rejected on, date rejected
need: need, reason for referral, referral reason, needs, business need, employer need, need identified, service need,
    service needed
outcome_on: outcome on, outcome date, date of outcome, result date
table: table, table name, committee, committee name, advisory committee, advisory board, panel, council, board name,
    board*0.8, commission*0.8, task force, working group, advisory council, board committee, group*0.4, committee board,
    roundtable
sitter: committee member, board member, appointee, member name*0.9, seat holder, incumbent, trustee, member*0.9,
    commissioner*0.8, council member*0.8, committee representative, appointed member, member full_name
from: from, term from, term start, term starts, term start date, term begin, term begins, term began, date appointed,
    appointed, appointed on, member since*0.8, appointment date*0.9, appointed date, start of term, term begin date,
    joined*0.6, original appointment date, effective date*0.4
to: to, term to, term end, term ends, term end date, term expires, term expiration, expires, expiration date*0.7, end of
    term, term expiration date, term expire, expiration of term
cadence_days: cadence, cadence days, days between meeting
hours: hours, hours per meeting, meeting hours, length of meeting
required_by: required by, mandate, mandated by, authority, statute, legal authority
sector: sector, industry sector*0.8, target sector
system: system, system type
contact_email: contact email, program contact email, program email
    """
    + NOTHINGS
)

# People of whom a list is made for their own sake, not for the firm's.
COMING = ("attendee", "participant", "registrant", "subscriber", "invitee", "guest", "delegate", "lobbyist", "speaker",
          "volunteer", "panelist")  # fmt: skip

# Words beside the thing that say whose it is.
SUBJECTS: dict[str, str] = {
    **dict.fromkeys(
        ("company", "business", "employer", "organization", "account", "firm", "establishment", "site", "client",
         "customer", "facility", "vendor", "corporate", "provider", "store", "restaurant", "school", "hospital",
         "taxpayer", "licensee", "entity", "headquarters", "supplier", "worksite", "workplace", "plant", "applicant",
         "registry", "institution", "venue", "outlet", "corporation", "premise", "location", "borrower",
         "permittee", "recipient", "grantee", "merchant", "practice", "tenant", "lessee"), "business"),
    **dict.fromkeys(
        ("contact", "person", "attendee", "executive", "individual", "participant", "registrant", "subscriber",
         "principal", "representative", "officer", "director", "manager", "president", "ceo", "administrator",
         "owner", "people", "interviewee", "recruiter", "lead", "hr", "invitee", "guest", "visitor", "delegate",
         "buyer", "proprietor", "direct", "signatory", *COMING), "person"),
    **dict.fromkeys(("staff", "organizer", "counselor", "consultant", "assigned", "creator", "host",
                     "our", "minister", "specialist", "navigator"), "staff"),
    **dict.fromkeys(("assistant", "gatekeeper", "secretary"), "assistant"),
    **dict.fromkeys(("parent",), "parent"),
    **dict.fromkeys(("activity", "meeting", "visit", "call", "event", "task", "interaction", "appointment", "service",
                     "engagement", "touchpoint", "communication", "outreach", "case", "placement"), "touch"),
    **dict.fromkeys(("attorney", "agent", "spouse", "accountant", "broker", "lawyer", "emergency", "inspector",
                     "insurance", "landlord", "distributor", "preparer", "bank", "lender", "surety",
                     "insurer", "carrier", "student", "candidate", "trainee", "apprentice", "learner", "jobseeker"),
                    "other"),
    **dict.fromkeys(("table", "committee", "board", "seat", "term"), "table"),
    **dict.fromkeys(("referral",), "referral"),
    **dict.fromkeys(("member", "constituent", "user"), "member"),
}  # fmt: skip

# Words beside the thing that make it less likely the one that is meant, by how much.
MODIFIERS: dict[str, float] = {
    "address": 0.03, "first": 0.35, "middle": 0.5, "home": 0.35, "mailing": 0.12, "mail": 0.12, "shipping": 0.2,
    "other": 0.3, "alternate": 0.3, "secondary": 0.3,
    "second": 0.3, "2": 0.25, "3": 0.35, "4": 0.4, "5": 0.4, "former": 0.5, "previous": 0.5, "old": 0.5, "prior": 0.5,
    "replacement": 0.5,
    "corporate": 0.15, "billing": 0.03, "legal": 0.2, "po": 0.2, "personal": 0.2, "optional": 0.4, "delivery": 0.2,
    "headquarters": 0.2, "previously": 0.5, "estimated": 0.05, "additional": 0.3, "last": 0.3, "next": 0.3, "due": 0.3,
    "created": 0.4, "modified": 0.5, "updated": 0.5, "expiration": 0.5, "issued": 0.5, "end": 0.35, "remittance": 0.25,
    "payment": 0.4, "registered": 0.15, "alternative": 0.3, "toll": 0.2, "free": 0.1, "extension": 0.15,
    "public": 0.05, "scheduled": 0.1, "received": 0.3, "effective": 0.4, "expected": 0.2, "national": 0.15,
    "global": 0.15,
}  # fmt: skip

# Words that change nothing.
NEUTRAL = (
    to_words(
        """
    1 a actual an and any as at best c character code combined contact current custom data daytime dd direct e eg
    enter field first for format formatted from full g her his i if in info information is it line list list's local
    main mm n name new number of office official on or our physical please preferred primary required s t text the
    their this to us usa value what which with work y yes your yyyy many does do you have are provide describe
    currently specify linked known
    """
    )
    | EMPTY
)


def parse_phrases(text: str) -> list[tuple[tuple[str, ...], float]]:
    """The phrases of one thing, as words with a weight."""
    found: list[tuple[tuple[str, ...], float]] = []
    for part in text.split(","):
        phrase, _, weight = part.strip().partition("*")
        if phrase:
            found.append((tuple(re.split(r"\s+", phrase)), float(weight or 1.0)))
    return found
