"""What column headings say that no column of a plain file is for: knowing it keeps a fax from being taken for a phone.

It is written as `heading_words` writes what has a column.
"""

NOTHINGS = """
-fax: fax, fax number, business fax, fax phone, assistant fax, home fax, other fax
-country: country, country region, nation, country code, address country, country name
-place on the map: headquarters location, location description, latitude, longitude, latitude longitude, coordinates,
    geocode, geolocation, x coordinate, y coordinate, point, geometry, shape, the geom, georeference, map location, geo
    location, lat long, x, y, location 1*0.5, map, gps, venue, venue name
-form of address: salutation, mr mrs, mr ms, name salutation, title salutation, contact salutation, dear, letter
    salutation
-part of a name: second name, middle name, middle, middle initial, mi, suffix, name suffix, nickname, initials, maiden
    name, generation, additional name, phonetic first name, phonetic last name, phonetic middle name, yomi name, given
    yomi, surname yomi, last name yomi, file as, short name, yomi, preferred name, company yomi, degree, credentials,
    given name yomi, additional name yomi, family name yomi, contact middle, contact middle name, name prefix
-personal: gender, sex, birthday, anniversary, spouse, children, hobby, age, race, ethnicity, religion, language,
    schools, photo, relation, veteran status, marital status, birth place, pronouns, date of birth, social security,
    ssn, dietary, education
-industry in words: industry, industry name, industry description, naics description, naics title, sic, sic code, sic
    description, primary sic code, primary sic description, primary naics description, naics 1 description, business
    type, type of business, business category, category*0.8, categories, line of business, nature of business, business
    activity, business description*0.8, product, products, sector description, naics code description, naics sector
    description, naics sector title, industry group, business activity id, industry type, primary industry, class*0.6,
    classification, cuisine description, cuisine, metro area, sub industry, member category, organization type*0.8,
    account type, company type, ownership type, facility type, entity type, type of organization, location type, record
    type, contact record type, lic code description, license type, license description, license category, license code,
    membership type, membership level, membership status, ownership, legal form, corporation type, type of entity,
    industry segment, market segment, customer type, group name*0.5
-money: deal value, contract value, value of deal, loan value, revenue, annual revenue, sales, sales volume, location
    sales volume, amount, amount paid, total paid, fees paid, currency, price, price tier, salary, wage, wages, payroll,
    budget, cost, billing information, mileage, eventbrite fees, eventbrite payment processing, total, fee, dues,
    balance, loan amount, income, tax, credit rating, payment status, annual sales
-about the record: create time, update time, sort id, add time, added time, time added, import time, created time,
    modified time, created date*0.9, date created*0.9, create date, created on*0.9, created at, updated at, created,
    modified, last modified date, last modified, last modified by, last modified by id, created by*0.7, created by id,
    modified by, last activity, last activity date, last update, last updated, date updated, updated on, updated, date
    added, added on, entered on, date entered*0.8, entry date*0.8, system modstamp, is deleted, deleted, is archived,
    master record id, last changed, last viewed date, last referenced date, last login, import date, data as of, as of
    date, data as at, optin time, optin ip, confirm time, confirm ip, owner id*0.8, record type id, case close date,
    case closed date, case status, photo website, jigsaw, jigsaw company id, version, last edit, modified on, modified
    date, date modified, page, sheet, row, row number, index, disclosure file, file, file name, batch, last verified,
    last inspected, load date, run date, extract date, record status, sequence
-owner here: responsible person, person responsible, staff title, staff position, staff phone, staff department, account
    owner, contact owner, lead owner, company owner, record owner, owner alias, owner id, owner full_name, account
    manager*0.5, opportunity owner, assigned to*0.3, assigned*0.3, sales representative*0.6, hubspot owner, account
    representative
-deal: deal, deal title, deal name, deal stage, deal owner, deal type, deal status, opportunity, opportunity name,
    opportunity title, opportunity stage
-where it stands: email confidence, email source, email verified, email bounced, preferred communication method,
    preferred contact method, preferred method, contact source, member role, user role, delivery method, name type,
    associated name type, contact preference, member level, status*0.5, status reason, stage, rating, priority, lead
    status, lead source, source*0.6, account source, type*0.45, importance, sensitivity, private, is closed, is high
    priority, account status, license status, lifecycle stage, marketing contact status, member rating, attendee status,
    email status, email permission status, order type, email lists, labels, group membership, group*0.5, tags*0.5,
    campaign, active*0.7, inactive, active inactive, application status, application type, workflow status, member
    status, violation, violation description, user type, account type, parent type, partner type, rsvp, permission,
    approval status, contact status, business status, referral source*0.3, how did you hear, level, rank, score, grade,
    result code, sub status, closed status
-label: name full address email, display name address email, email label, email type, phone label, phone type, address
    label, address type, website label, organization label, relation label, email display name, email 1 label, phone 1
    label, email 1 type, phone 1 type, address 1 label, address 1 type, organization 1 type, organization 1 yomi,
    organization symbol, organization job description, organization location, event label, custom label, im service, im
    type, website type, website 1 type, website 1 label, relation 1 label
-department: department, organization department, division*0.7, office location, business unit, team*0.5, organization 1
    department, section*0.5, bureau, unit name*0.5
-time of day: time, start time, end time, end date time*0.9, end date*0.6, all day event, reminder, reminder on off,
    reminder date, reminder time, duration, duration in minutes, call duration, minutes*0.5, show time as, time zone,
    timezone, completed date time, length, time spent, hours spent, event duration, hour, start hour, gmtoff, dstoff,
    all day, call duration in seconds, reminder date time, end time stamp, end*0.7
-brand: franchise name, franchise, brand, brand name
-zip extension: zip extension, zip 4, zip plus 4, zip ext, zip suffix, plus 4, zip four, zip plus four
-district: borough served, county served, city served, state served, zip served, area served, ward, precinct, district,
    council district, police district, supervisor district, census tract, neighborhood, zone, block, parcel, parcel
    number, fips, fips code, msa, region code, legislative district, territory, senate district, house district,
    congressional district, community area, ward precinct, bbl, bin, nta, supervisorial district, neighbourhood, apn,
    lot, county code, area code, state fips, county fips, city code, community board, zoning, service area, workforce
    area, local area, ssa
-other party: consultant firm, consulting firm, auditor, auditor name, auditor firm, auditor firm name, auditor email,
    auditor phone, awarding agency, awarding agency name, funding agency, funding agency name, awarding office name,
    referred by*0.3, manager name*0.3, registered agent, agent address, attorney, attorney name, law firm, accountant,
    emergency contact, spouse name, supervisor name*0.3, parent name*0.2, landlord, broker, registered agent name,
    preparer, billing contact, referring agency*0.2, inspector, inspector name
-people counted: employees requested, employees needed, new employees, employees at risk, at risk employees, open
    employees, employees created, employees planned, employees retained, employees projected, employees trained,
    incumbent employees, trained, number trained, layoff, number affected, employees affected, affected, workers
    affected, number laid off, employees laid off, total affected, layoff number, number of layoffs, jobs affected,
    affected employees, corporate employees size, capacity, enrollment, attendance, quantity, seats, invited, number of
    attendee, number of participant, number of referral, square feet, square footage, affected workers, planned affected
-date of its own: review date, date of review, date of last review, last follow_up date, mou date, mou signed, date
    signed, signed date, signed on, signed, agreement date, contract date, unsubscribe date, unsubscribed date, opt_out
    date, date awarded, award date, date approved, date of award, close date, layoff date, termination date, year
    established, established, date established, founded, year founded, start year, incorporated, date of incorporation,
    incorporation date, formation date, business start date, location start date, license start date, license expiration
    date, license creation date, date issued, issue date, issued date, expiration date*0.6, effective date*0.7, notice
    date, received date, warn date, application date, approval date, join date, member since*0.6, renewal date, payment
    date, inspection date, inspection id, inspection type, inspection result, grade, original issue date, grade date,
    record date, optin date, order date, connected on, first contact date, date joined, date of joining, license issued,
    license approved for issuance, license term start date, license term expiration date, opened, date opened, opening
    date, open date, registration date, last inspection, year, month, quarter, fiscal year, hire date, paid through,
    expires on, entity date, first seen, last seen, next review date, next inspection, date registered
-another id: table number, booth number, badge number, template id, vat id, vat number, vat id number, tax number,
    property id, parcel id, agency code, gst number, row checksum, parent id, owner id, created by id, parent iusa
    number, subsidiary iusa number, ticker symbol, duns, duns number, order number, attendee number, ticket type, leid,
    euid, user id, cage code, uei, site number, unsub campaign id, campaign id, call object, organizational id number,
    stock symbol, ein type, routing number, class code, parent account id, cert number*0.4, camis, social security
    number, account id parent
-job to be filled: position available, available position, position open, open position, position needed, position to
    fill, position hiring for, position offered, position recruiting, job opening, job available, hiring for
-elsewhere: application website, apply website, posting website, job website, registration website, survey website, maps
    website, google maps website, icon website, logo website, image website, photo website, event website, secondary
    phone, alternate phone, second phone, home office, linkedin, facebook, twitter, instagram, social media, im, skype,
    youtube, photo, image, logo, attachment, resources, meeting resources, im address, linkedin profile, facebook page,
    twitter handle, picture, linkedin website, facebook website, other phone, pager, telex, callback, car phone, radio
    phone, isdn, primary phone 2, tty tdd phone, tollfree, toll free, toll free phone, toll free number, home phone,
    home phone 2, home street, home city, home state, home zip, home country, other street, other city, other state,
    other zip, other country, personal website, home address, home address 2, home address 1, home email, other email,
    secondary email, alternate email, user 1, user 2, user 3, user 4, web page 2, business phone 2, home address po box,
    other address po box, business address po box, directory server, keywords*0.5, po box, website free busy, government
    id number, profession*0.6, referred*0.4, manager*0.3, fortune 1000 ranking, site*0.3, fax 2, ranking, question,
    hours of operation, minority owned, woman owned, veteran owned, certification*0.5, certifications, certified,
    optional attendee, answer, email 2, email 3, email 2 value, email 3 value, phone 2 value, phone 3 value, phone 2,
    phone 3, mobile 2, office phone 2, cc emails
"""
