"""Lists and exports of many makers: each column gets its place, and what has none in the product stays out."""

import csv
import io

import pytest

from importers.inspections import Inspection, inspect_sheet
from importers.read import open_sheet

Columns = dict[str, tuple[str, str]]


def inspect(columns: Columns, *, above: str = "") -> Inspection:
    """How a list is read of which each heading comes with what its column means and with cells between bars."""
    text = io.StringIO(newline="")
    text.write(above)
    writer = csv.writer(text)
    writer.writerow(columns)
    cells = [said.split("|") for _, said in columns.values()]
    rows = max(map(len, cells))
    writer.writerows([column[n % len(column)] for column in cells] for n in range(rows))
    with open_sheet(text.getvalue().encode(), "list.csv") as sheet:
        return inspect_sheet(sheet)


def check(kind: str, columns: Columns, *, above: str = "") -> None:
    told = inspect(columns, above=above)
    assert told.kind == kind
    assert {one.header: one.meaning for one in told.columns} == {name: said[0] for name, said in columns.items()}


FIRMS = "Harbor Bakery LLC|Reata Foods Inc|Zeta Steel Corp|Elm Dental Group|Oak Auto Repair"
STREETS = "1 Dock St|2 Oak Ave|33 Elm Rd|4 Mill Ln|5 Pine St"
CITIES = "Lynn|Quincy|Salem|Boston|Revere"
ZIPS = "01901|02169|01970|02134|02151"
DAYS = "03/14/2024|04/02/2024|05/21/2024|06/30/2024|07/09/2024"
PEOPLE = "Ana Silva|Karen Lund|James Ode|Maria Cruz|Paul Roe"
MAILS = "ana@harbor.example|karen@reata.example|james@zeta.example|maria@elm.example|paul@oak.example"

# fmt: off
LISTS: dict[str, tuple[str, Columns]] = {
    "a Spanish list of firms": ("businesses", {
        "Nombre de la Empresa": ("businesses.name", "Panadería El Sol|Taller Méndez|Ferretería Norte|Clínica Rivera"),
        "Dirección": ("businesses.street", STREETS),
        "Ciudad": ("businesses.city", CITIES),
        "Código Postal": ("businesses.zip", ZIPS),
        "Teléfono": ("businesses.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "Número de Empleados": ("businesses.employees", "12|7|130|45"),
        "Contacto": ("people.name", "José Rivera|María López|Luis Ortiz|Ana Cruz"),
        "Puesto": ("people.title", "Gerente|Dueña|Director|Gerente"),
        "Observaciones": ("businesses.notes", "Necesita dos soldadores antes de junio.|Llamar por la tarde."),
    }),
    "a Spanish log": ("touchpoints", {
        "Fecha": ("touchpoints.date", "15/03/2024|28/02/2024|30/04/2024"),
        "Empresa": ("touchpoints.business", FIRMS),
        "Persona de Contacto": ("touchpoints.person", "José Rivera|María López|Luis Ortiz"),
        "Tipo de Contacto": ("touchpoints.channel", "Llamada|Visita|Correo"),
        "Resultado": ("touchpoints.outcome", "Quiere aprendices|Llamar de nuevo"),
        "Próximo paso": ("touchpoints.promise", "Enviar folleto|Agendar visita"),
    }),
    "a German address book": ("people", {
        "Vorname": ("people.first_name", "Ana|Karen|James"),
        "Nachname": ("people.last_name", "Silva|Lund|Ode"),
        "Firma": ("people.business", FIRMS),
        "Straße": ("businesses.street", STREETS),
        "E-Mail-Adresse": ("people.email", MAILS),
    }),
    "a register with agents": ("businesses", {
        "Corp Number": ("businesses.source_id", "100453|100454|100455|100456|100457"),
        "Legal Name": ("businesses.legal_name", FIRMS),
        "Registered Agent": ("none", PEOPLE),
        "RA Address 1": ("none", STREETS),
        "RA City": ("none", CITIES),
        "HO Address 1": ("businesses.street", STREETS),
        "HO City": ("businesses.city", CITIES),
    }),
    "a permit of an owner's outlet": ("businesses", {
        "Taxpayer Name": ("businesses.legal_name", FIRMS),
        "Taxpayer Address": ("none", STREETS),
        "Taxpayer City": ("none", CITIES),
        "Outlet Name": ("businesses.name", "Harbor Bakery|Reata Cafe|Zeta Steel Shop|Elm Dental|Oak Auto"),
        "Outlet Address": ("businesses.street", STREETS),
        "Outlet City": ("businesses.city", CITIES),
    }),
    "loans": ("businesses", {
        "LoanNumber": ("businesses.source_id", "9547507704|9777677704|5791407702|6223567700|9662437702"),
        "DateApproved": ("none", DAYS),
        "BorrowerName": ("businesses.name", FIRMS),
        "BorrowerAddress": ("businesses.street", STREETS),
        "ServicingLenderLocationID": ("none", "434339|434340|434341|434342|434343"),
        "ServicingLenderName": ("none", "First Bank|Second Bank"),
        "ServicingLenderCity": ("none", CITIES),
    }),
    "a day's tasks": ("touchpoints", {
        "Activity - Subject": ("touchpoints.topics", "Intro call|Site tour|Wages while they train"),
        "Activity - Type": ("touchpoints.channel", "Call|Meeting|Email"),
        "Activity - Due date": ("touchpoints.date", "2024-03-14|2024-04-02|2024-05-21"),
        "Activity - Organization": ("touchpoints.business", FIRMS),
        "Activity - Contact person": ("touchpoints.person", PEOPLE),
        "Activity - Assigned to user": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "Activity - Add time": ("none", "2024-03-10 12:10:11|2024-04-01 09:02:00"),
    }),
    "accounts by key": ("businesses", {
        "(Do Not Modify) Account": ("businesses.source_id", "|".join(
            f"0000000{n}-4a1c-4f7e-9c1d-00000000000{n}" for n in range(5)
        )),
        "(Do Not Modify) Row Checksum": ("none", "7Xb1cP8Zl9a+/w==|Qk12abc9=="),
        "Account Name": ("businesses.name", FIRMS),
        "Main Phone": ("businesses.phone", "617-555-0117|617-555-0118"),
    }),
    "who registered": ("people", {
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Company Name": ("people.business", FIRMS),
        "Title": ("people.title", "Owner|HR Manager|President"),
        "Email Address": ("people.email", MAILS),
        "Work Address 1": ("businesses.street", STREETS),
        "Work City": ("businesses.city", CITIES),
        "Registration Date": ("none", DAYS),
    }),
    "people who are listed for their own sake": ("people", {
        "lobbyist_id": ("people.source_id", "7701|7702|7703|7704|7705"),
        "lobbyist_last_name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "lobbyist_first_name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "lobbyist_address": ("businesses.street", STREETS),
        "registered_employers_names": ("people.business", FIRMS),
        "lobbying_clients_name": ("none", "Big Farm Inc|Old Mine Corp"),
    }),
    "firms first, and whom to ask there": ("businesses", {
        "Company Name": ("businesses.name", FIRMS),
        "Contact Name": ("people.name", PEOPLE),
        "Contact Title": ("people.title", "Owner|HR Manager|President"),
        "Deal Stage": ("none", "Qualified|Negotiation"),
        "Deal Value": ("none", "15000|22117|31234|48351|50468"),
    }),
    "a permit with parts of the street beside it": ("businesses", {
        "business_name": ("businesses.name", FIRMS),
        "street_address": ("businesses.street", STREETS),
        "street_number": ("none", "1|2|33|4|5"),
        "street": ("none", "Dock|Oak|Elm|Mill|Pine"),
        "street_suffix": ("none", "St|Ave|Rd|Ln"),
        "dayphn": ("businesses.phone", "6175550117|6175550118|6175550119"),
        "property_id": ("none", "77476|0|341"),
    }),
    "notices of layoffs": ("businesses", {
        "notice_date": ("none", DAYS),
        "reason": ("none", "Plant Layoff|Plant Closing"),
        "company": ("businesses.name", FIRMS),
        "phone": ("businesses.phone", "617-555-0117|617-555-0118"),
        "affected": ("none", "65|97"),
        "layoff_date": ("none", DAYS),
    }),
    "a form with two names for the firm": ("people", {
        "Name": ("people.name", PEOPLE),
        "Company / Brand Name": ("people.business", FIRMS),
        "Business Website": ("businesses.website", "www.harbor.example|www.reata.example"),
        "Contact EMAIL": ("people.email", MAILS),
        "First Round Scoring": ("none", "|3|5"),
    }),
    "jobs that a grant made": ("businesses", {
        "recipient_name": ("businesses.name", FIRMS),
        "recipient_city": ("businesses.city", CITIES),
        "project_description": ("none", "|".join(["New roof", "Mobile clinic"] * 5)),
        "jobs_created": ("none", "2|0"),
        "school_number": ("none", ""),
    }),
    "a log that names people by their address": ("touchpoints", {
        "Lead Email": ("touchpoints.person", MAILS),
        "Activity Type": ("touchpoints.channel", "webinar|email|call"),
        "Subject / Detail": ("touchpoints.topics", "Asked for a guide|Wants a visit"),
        "Date": ("touchpoints.date", "2026-03-14|2026-04-02|2026-05-21"),
        "Points": ("none", "40|10"),
    }),
    "a log that names people by a key": ("touchpoints", {
        "Contact ID": ("touchpoints.person", "100453|100454|100455"),
        "External Contact ID": ("none", ""),
        "Activity Type": ("touchpoints.channel", "Call|Meeting|Email"),
        "Subject": ("touchpoints.topics", "Thank you|Tour of the plant"),
        "Note": ("touchpoints.notes", "Needs two welders by June, will call|Asked for the course list again"),
        "Date Occurred": ("touchpoints.date", DAYS),
    }),
    "homes with their kind beside them": ("businesses", {
        "name": ("businesses.name", "Riverdale Manor LLC|Loeb House Inc|New Hope Corp|Elm Home Inc"),
        "facility_id": ("businesses.source_id", "1201|1202|1203|1204"),
        "certificate_number": ("none", "060-E-011|600-E-031"),
        "facility": ("none", "Adult Home|Enriched Housing"),
        "in_county": ("none", "Yes|No"),
    }),
    "what stands beside a key is a name": ("businesses", {
        "EmployerId": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "EmployerDesc": ("businesses.name", FIRMS),
        "Phone": ("businesses.phone", "2085550117|2085550118"),
        "Client Code": ("none", "C-1|C-2"),
        "Inactive": ("none", "0|1"),
    }),
    "a customer list in German": ("people", {
        "Kundennummer": ("people.source_id", "10001|10002|10003"),
        "Vorname": ("people.first_name", "Max|Anna|Karl"),
        "Nachname": ("people.last_name", "Muster|Schmidt|Weber"),
        "Firma": ("people.business", "Acme GmbH|Weber & Sohn|Klein GmbH"),
        "Straße": ("businesses.street", "Hauptstraße|Bahnhofstraße|Am Markt"),
        "Hausnummer": ("businesses.street", "12|5a|33"),
        "PLZ": ("businesses.zip", "10115|80331|20095"),
        "Ort": ("businesses.city", "Berlin|München|Hamburg"),
    }),
    "people with all that is known of their firms": ("people", {
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Company": ("people.business", FIRMS),
        "Email": ("people.email", MAILS),
        "Email Confidence": ("none", ""),
        "Work Direct Phone": ("people.phone", "617-555-0117|617-555-0118"),
        "Corporate Phone": ("businesses.phone", "617-555-0217|617-555-0218"),
        "# Employees": ("businesses.employees", "12|7|130"),
        "Website": ("businesses.website", "www.harbor.example|www.reata.example"),
        "Company City": ("businesses.city", CITIES),
        "Company State": ("businesses.state", "MA"),
        "Holder Email": ("none", MAILS),
    }),
    "meetings with a title and an agenda": ("touchpoints", {
        "Communication Title": ("touchpoints.topics", "Hiring plan|March meeting|Wages"),
        "Date": ("touchpoints.date", "2026-03-14|2026-04-02|2026-05-21"),
        "Host": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "Attendees": ("touchpoints.person", "Ana Silva; Karen Lund|James Ode"),
        "Action Items": ("touchpoints.promise", "Send the course list|Call again"),
        "Follow-up Date": ("touchpoints.promise_due", "2026-04-14|2026-05-02|2026-06-21"),
    }),
    "a log of calls": ("touchpoints", {
        "Date of Communication": ("touchpoints.date", DAYS),
        "Company": ("touchpoints.business", FIRMS),
        "Person with whom communication occurred": ("touchpoints.person", PEOPLE),
        "Issue": ("touchpoints.topics", "Wage claim|Training funds"),
        "Resolution": ("touchpoints.outcome", "Resolved|Referred to the manager"),
        "Successful": ("touchpoints.reached", "Yes|No"),
        "Staff Title": ("none", "Navigator|Consultant"),
        "Next Call Date": ("touchpoints.promise_due", DAYS),
    }),
    "sessions of a client by key and name": ("touchpoints", {
        "Client ID": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "Client Name": ("touchpoints.business", FIRMS),
        "Session Date": ("touchpoints.date", DAYS),
        "Counselor Name": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "Contact Type": ("touchpoints.channel", "Face-to-face|Telephone|Online"),
        "Session Notes": ("touchpoints.notes", "Needs a loan for an oven; sent to a bank|Wants help with a site"),
    }),
    "a list of agencies": ("businesses", {
        "agency_id": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "agency_name": ("businesses.name", FIRMS),
        "agency_name_sort_key": ("none", FIRMS),
        "aka": ("none", ""),
        "url": ("businesses.website", "www.harbor.example|www.reata.example"),
    }),
    "what was bought of whom": ("businesses", {
        "start_date": ("none", DAYS),
        "contract_type": ("none", "Competitive|Sole source"),
        "vendor_name": ("businesses.name", FIRMS),
        "contract_value": ("none", "15000|22117|31234"),
    }),
    "people with a licence": ("people", {
        "prc_first_name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "prc_last_name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "ba_address": ("none", STREETS),
        "ba_city": ("none", CITIES),
        "lic_profession": ("none", "011|031"),
    }),
    "words of a list are no notes": ("businesses", {
        "Business Name": ("businesses.name", "|".join(f"Harbor Bakery {n} LLC" for n in range(12))),
        "Specialty Desc": ("none", "GENERAL|ROOFING|UNUSED"),
        "Location": ("none", "Downtown|Harbor side|Mall"),
        "Occupation": ("none", "Electrician|Machinist"),
        "Phone": ("businesses.phone", "617-555-0117|617-555-0118"),
    }),
    "a supplier list from Germany": ("businesses", {
        "Kreditor": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "Debitor": ("none", "9001||9003"),
        "USt-IdNr.": ("none", "DE811111111|DE822222222"),
        "Name": ("businesses.name", "Backhaus Sonne GmbH|Metallbau Nord KG|Hansa Logistik GmbH|Elbe Druck GmbH"),
        "Ort": ("businesses.city", "Kassel|Hanau|Fulda|Gotha|Jena"),
        "Lieferantensegment": ("none", "A|B"),
    }),
    "a Spanish calendar": ("touchpoints", {
        "Asunto": ("touchpoints.topics", "Visita a la panadería|Llamada al taller|Plan de la feria"),
        "Fecha de comienzo": ("touchpoints.date", "15/03/2024|28/02/2024|30/04/2024"),
        "Comienzo": ("none", "9:00:00|14:30:00|10:15:00"),
        "Fecha de finalización": ("none", "15/03/2024|28/02/2024|30/04/2024"),
        "Todo el día": ("none", "FALSO"),
        "Asistentes necesarios": ("touchpoints.person", "José Rivera|María López|Luis Ortiz"),
        "Descripción": ("touchpoints.notes", "Quiere dos aprendices.|Llamar otra vez.|Falta reservar la sala."),
    }),
    "employers, of whom few name a person": ("businesses", {
        "Employer": ("businesses.name", "|".join(f"Elm Works {n} Inc" for n in range(12))),
        "Stipend": ("none", "0|0|250"),
        "Contact First Name": ("people.first_name", "|||||Ana||||||"),
        "Contact Last Name": ("people.last_name", "|||||Silva||||||"),
        "Contact Email": ("people.email", "|||||ana@elm.example||||||"),
    }),
    "people, of whom few name a firm": ("people", {
        "Number": ("people.source_id", "|".join(f"65337{n:02}13-{n % 10}" for n in range(10, 22))),
        "Company Name": ("people.business", "||||Reata Foods Inc|||||||"),
        "First Name": ("people.first_name", "Ana|Karen|James|Maria||Paul"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz||Roe"),
        "Phone": ("people.phone", "617-555-0117||617-555-0119"),
        "Remarks": ("people.notes", "Met at the spring fair in May|"),
    }),
    "employers at a fair with lists of subjects": ("businesses", {
        "Employers Name": ("businesses.name", "|".join(f"Elm Works {n} Inc" for n in range(12))),
        "Registrations Status": ("none", "approved"),
        "Name List": ("none", "Civil Engineering, Data Science, Computer Engineering, Physics|Chemistry, Physics"),
        "Job Registrations Title": ("none", "Field Engineer|Project Manager"),
    }),
    "a log with nothing but the day of entry": ("touchpoints", {
        "id": ("touchpoints.source_id", "1|2|3|4|5"),
        "lead_id": ("touchpoints.person", "7|7|8|9|9"),
        "kind": ("touchpoints.channel", "call|email|meeting|call|email"),
        "created_on": ("touchpoints.date", "2026-03-14|2026-04-02|2026-05-21|2026-06-30|2026-07-09"),
    }),
    "a log of messages sent": ("touchpoints", {
        "Contact Name": ("touchpoints.person", PEOPLE),
        "Company Name": ("touchpoints.business", FIRMS),
        "Channel": ("touchpoints.channel", "Email|Phone"),
        "Message Sent Date": ("touchpoints.date", DAYS),
        "Last Follow Up Date": ("none", DAYS),
        "Next Followup Date": ("touchpoints.promise_due", DAYS),
    }),
    "meetings with long numbers": ("touchpoints", {
        "Meeting ID": ("touchpoints.source_id", "811 3815 8846|822 1168 9441|833 2411 8336"),
        "Topic": ("touchpoints.topics", "Plan for the fair|Talk about welders|New grant"),
        "Host": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "User Type": ("none", "Licensed"),
        "Start Time": ("touchpoints.date", "Apr 28, 2026 09:15:47 AM|Apr 27, 2026 03:56:52 PM"),
    }),
    "partners with an agreement": ("businesses", {
        "Partner Organization": ("businesses.name", FIRMS),
        "Partner Type": ("none", "Employer|Union"),
        "Lead Contact": ("people.name", PEOPLE),
        "Lead Contact E-mail": ("people.email", MAILS),
        "MOU Signed (Y/N)": ("none", "Y|N"),
        "MOU Date": ("none", DAYS),
        "Counties Served": ("none", "Lake;Cook|Lake"),
        "Distr Rep": ("none", "Tom Hill|Eva Moss"),
    }),
    "who comes to an event, and who leads the chapter": ("people", {
        "chapter": ("none", "Aurora|Joliet"),
        "director": ("none", "Paula Stone|Mark Hill"),
        "attendee_first_name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "attendee_last_name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
    }),
    "a French register": ("businesses", {
        "Identifiant": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "Nom complet": ("businesses.name", "BOULANGERIE LUNE|GARAGE NORD|ATELIER ROUX|CAVE HAUTE|DOMAINE VERT"),
        "Raison sociale": ("businesses.legal_name", "LUNE SARL|NORD SAS|ROUX SARL|HAUTE SAS|VERT EARL"),
        "Code postal": ("businesses.zip", "69001|69100|69003|69004|69005"),
        "Commune": ("businesses.city", "LYON|BRON|VENISSIEUX"),
        "Téléphone Bureau": ("businesses.phone", "03 89 30 23 60|03 88 08 10 20|03 88 08 11 21"),
        "Activité principale": ("none", "Commerce|Transport"),
    }),
    "a Spanish register": ("businesses", {
        "Razón Social": ("businesses.name", "Sol Panadería S.L.|Norte Taller S.A.|Rivera Clínica S.L."),
        "Domicilio": ("businesses.street", "Calle Mayor 12|Avenida del Puerto 4|Plaza Nueva 3"),
        "C.P.": ("businesses.zip", "46001|46002|46007"),
        "Localidad": ("businesses.city", "Valencia|Torrent|Sueca"),
        "Teléfono fijo": ("businesses.phone", "963 123 456|961 222 333|961 222 444"),
    }),
    "a German list of clubs": ("businesses", {
        "Vereinsname": ("businesses.name", FIRMS),
        "Straße und Hausnummer": ("businesses.street", "Hauptstr. 12|Marktplatz 3|Am Ring 7|Mühlweg 2|Torgasse 9"),
        "E-Mail-Adresse": ("businesses.email", MAILS),
        "Internet": ("businesses.website", "www.sonne.example|www.nord.example|www.hansa.example"),
    }),
    "people with the day of the last contact": ("people", {
        "Name": ("people.name", PEOPLE),
        "Type": ("none", "Residential|Business"),
        "Email": ("people.email", MAILS),
        "Phone": ("people.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "Assigned To": ("none", "Dana Wolf|Chris Park"),
        "Last Contacted": ("none", DAYS),
        "Notes": ("people.notes", "Wants a call in June about the course.|Met at the fair."),
    }),
    "work for clients": ("touchpoints", {
        "User Name": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "User Email": ("none", "dwolf@board.example|cpark@board.example"),
        "Client Name": ("touchpoints.business", FIRMS),
        "Task Name": ("touchpoints.topics", "Status meeting|Kickoff|Review"),
        "Start Date": ("touchpoints.date", DAYS),
        "Notes": ("touchpoints.notes", "Agreed on the next course for welders in May.|Went through the grants."),
    }),
    "a log whose headings say what may stand below": ("touchpoints", {
        "Date of Contact": ("touchpoints.date", DAYS),
        "Employer/Business": ("touchpoints.business", FIRMS),
        "Type of Contact (Phone, Email, Visit)": ("touchpoints.channel", "Phone|Email|Visit"),
        "Name (Last, First)": ("touchpoints.person", "Silva, Ana|Lund, Karen|Ode, James"),
    }),
    "messages sent to whoever stands beside": ("touchpoints", {
        "lead_id": ("none", "T-1|T-1|T-2|T-3|T-4"),
        "name": ("touchpoints.business", FIRMS),
        "phone": ("businesses.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "channel": ("touchpoints.channel", "email|sms"),
        "sent_at": ("touchpoints.date", "2026-03-08T12:05:00-07:00|2026-03-09T07:03:00-07:00"),
        "notes": ("touchpoints.notes", "Asked for a price list and a date to visit.|Went to a number not in use."),
    }),
    "establishments headed as programmes": ("businesses", {
        "Program_Number": ("businesses.source_id", "|".join(f"7{n:03}" for n in range(12))),
        "Contractor_Name": ("none", "Elm Trust Inc|Elm Trust Inc|Oak Trust Inc"),
        "Program_Name": ("businesses.name", "|".join(f"Little Elm Center {n} LLC" for n in range(12))),
        "Address": ("businesses.street", STREETS),
    }),
    "contracts of the parts of a bank": ("businesses", {
        "start_date": ("none", DAYS),
        "bank_member": ("none", "ABCD|EFG"),
        "vendor_name": ("businesses.name", FIRMS),
        "contract_value": ("none", "15000|22117|31234"),
    }),
    "what an event is called is no firm": ("touchpoints", {
        "Event Name": ("touchpoints.topics", "Spring Fair|Open Day|Job Club"),
        "Event Date": ("touchpoints.date", DAYS),
        "Company": ("touchpoints.business", FIRMS),
        "Project Manager": ("touchpoints.staff", "Dana Wolf|Chris Park"),
    }),
    "a French address book": ("people", {
        "Prénom": ("people.first_name", "Jean|Sophie|Marie|Paul|Anne"),
        "Nom": ("people.last_name", "Martin|Bernard|Petit|Roux|Blanc"),
        "Société": ("people.business", FIRMS),
        "Téléphone (domicile)": ("none", "04 72 00 11 22|04 78 33 44 55"),
        "Adresse de messagerie": ("people.email", MAILS),
        "Nom complet de l'adresse de messagerie": ("none", "Jean Martin (jean@martin.example)|Sophie (s@b.example)"),
    }),
    "firms by their only name, though it is the legal one": ("businesses", {
        "license_no": ("businesses.source_id", "LC-2000|LC-2003|LC-2006|LC-2009|LC-2012"),
        "Legal Business Name": ("businesses.name", FIRMS),
        "City": ("businesses.city", CITIES),
    }),
    "a directory whose entries have titles": ("businesses", {
        "id": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "title": ("businesses.name", FIRMS),
        "slug": ("none", "harbor|reata|zeta"),
        "street1": ("businesses.street", STREETS),
        "webUrl": ("businesses.website", "www.harbor.example|www.reata.example"),
    }),
    "a wide list of people and all that is known of their firms": ("people", {
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Email Address": ("people.email", MAILS),
        "Company Name": ("people.business", FIRMS),
        "Company Description": ("none", "Bakes bread and cakes for shops in the county.|Builds dies for car makers."),
        "Website": ("businesses.website", "www.harbor.example|www.reata.example"),
        "Company HQ Phone": ("businesses.phone", "617-555-0217|617-555-0218"),
        "Employees": ("businesses.employees", "12|7|130"),
        "NAICS Code": ("businesses.naics", "311811|722511"),
        "Company Street Address": ("businesses.street", STREETS),
        "Company City": ("businesses.city", CITIES),
        "Company State": ("businesses.state", "MA"),
        "Company Zip Code": ("businesses.zip", ZIPS),
    }),
    "notices to those who are affected": ("businesses", {
        "Company": ("businesses.name", FIRMS),
        "Notice Date": ("none", DAYS),
        "Impact Date": ("none", "05/14/2024|06/02/2024|07/21/2024"),
        "Employees Affected": ("none", "65|97|12"),
        "Contact Person": ("people.name", PEOPLE),
        "Notice Type": ("none", "Closure|Layoff"),
    }),
    "employers who look for people": ("businesses", {
        "Employer Name": ("businesses.name", FIRMS),
        "Date Posted": ("none", DAYS),
        "Closing Date": ("none", "05/14/2024|06/02/2024|07/21/2024"),
        "Number of Openings": ("none", "2|1|5"),
        "detail_page_url": ("none", "https://jobs.example/1|https://jobs.example/2|https://jobs.example/3"),
    }),
    "projects of firms": ("businesses", {
        "account_name": ("businesses.name", FIRMS),
        "account_county": ("businesses.county", "Lake|Cook"),
        "new_jobs": ("none", "25|0|110"),
        "close_date": ("none", DAYS),
    }),
    "postcodes of other countries": ("businesses", {
        "Company": ("businesses.name", FIRMS),
        "City": ("businesses.city", "Pune|Mumbai"),
        "Pincode": ("businesses.zip", "411004|400001|400050"),
    }),
    "donors by the name to which letters go": ("people", {
        "Constituent ID": ("people.source_id", "7701|7702|7703|7704|7705"),
        "Addressee": ("people.name", "Mr. James Ode|Ms. Ana Silva|Dr. Karen Lund|Ms. Maria Cruz|Mr. Paul Roe"),
        "Organization": ("people.business", FIRMS),
        "Last Gift Date": ("none", DAYS),
    }),
    "donors with both names and a form of address": ("people", {
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Addressee": ("none", "Mr. James Ode|Ms. Ana Silva|Dr. Karen Lund"),
        "Email": ("people.email", MAILS),
    }),
    "a firm and the part of it": ("people", {
        "First": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Org": ("none", "Region 4|Region 5|HQ"),
        "Company": ("people.business", FIRMS),
    }),
    "people under keys, with the telephone of their work": ("people", {
        "Contact": ("people.source_id", "|".join(f"0000000{n}-4a1c-4f7e-9c1d-00000000000{n}" for n in range(5))),
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Business Phone": ("people.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "Mobile Phone": ("people.mobile", "617-555-0217|617-555-0218|617-555-0219"),
        "Company Name": ("people.business", FIRMS),
    }),
    "people first, each with the key of the firm": ("people", {
        "Contact: Record ID": ("people.source_id", "7701|7702|7703|7704|7705"),
        "Contact: First name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Contact: Last name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Company: Record ID": ("businesses.source_id", "9701|9702|9703|9704|9705"),
        "Company: Company name": ("people.business", FIRMS),
        "Associated contact IDs": ("none", "7701;7702|7703"),
    }),
    "firms with the day of the last contact": ("businesses", {
        "Record ID": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "Name": ("businesses.name", FIRMS),
        "Description": ("businesses.notes", "Bakes bread for shops in the county.|Builds dies for car makers."),
        "Last interacted at": ("none", "2026-07-10T17:10:04Z|2026-07-01T14:05:59Z|2026-06-01T14:05:59Z"),
    }),
    "a register of agencies": ("businesses", {
        "agency": ("businesses.name", "Dept of Parks|Board of Nursing|Office of Revenue|Forestry Bureau"),
        "agency_number": ("businesses.source_id", "29100|63400|85100|12100"),
        "payroll_phone_number": ("businesses.phone", "617-555-0117|617-555-0118|617-555-0119|617-555-0120"),
    }),
    "customers who are people": ("people", {
        "Customer ID": ("people.source_id", "7701|7702|7703|7704|7705"),
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Email": ("people.email", MAILS),
    }),
    "headings that all begin with the same word that says nothing": ("people", {
        "fld_FirstName": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "fld_LastName": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "fld_Company": ("people.business", FIRMS),
        "fld_Email": ("people.email", MAILS),
        "fld_City": ("businesses.city", CITIES),
    }),
    "a few trade names beside the names of all": ("businesses", {
        "EMPLOYER_NAME": ("businesses.name", FIRMS),
        "TRADE_NAME_DBA": ("none", "|Reata Cafe|||"),
        "EMPLOYER_CITY": ("businesses.city", CITIES),
        "TOTAL_WORKERS_REQUESTED": ("none", "12|7|130"),
    }),
    "an address of mail beside the one where the firm is": ("businesses", {
        "LEGAL_NAME": ("businesses.name", FIRMS),
        "PHY_STREET": ("businesses.street", STREETS),
        "PHY_CITY": ("businesses.city", CITIES),
        "MAILING_STREET": ("none", STREETS),
        "MAILING_CITY": ("none", CITIES),
    }),
    "a form about a visit": ("touchpoints", {
        "Your name": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "Date of visit": ("touchpoints.date", DAYS),
        "Business visited": ("touchpoints.business", FIRMS),
        "Who did you meet with?": ("touchpoints.person", PEOPLE),
        "How did you contact them?": ("touchpoints.channel", "In person|Phone"),
    }),
    "meetings that are linked to firms": ("touchpoints", {
        "Event Name": ("touchpoints.topics", "Tour of the plant|Intro meeting|Talk about grants"),
        "Start Date": ("touchpoints.date", DAYS),
        "Owner": ("touchpoints.staff", "Dana Wolf|Chris Park"),
        "Linked Organization": ("touchpoints.business", FIRMS),
        "Linked Contact": ("touchpoints.person", PEOPLE),
    }),
    "inspections, with how many work there": ("businesses", {
        "activity_nr": ("none", "7701|7702|7703|7704|7705"),
        "estab_name": ("businesses.name", FIRMS),
        "nr_in_estab": ("businesses.employees", "12|7|130|45|9"),
        "open_date": ("none", DAYS),
    }),
    "an Italian list of firms": ("businesses", {
        "Ragione sociale": ("businesses.name", "Forno Sole srl|Officina Nord spa|Tipografia Elba srl"),
        "Indirizzo": ("businesses.street", "Via Roma 12|Corso Italia 4|Piazza Nuova 3"),
        "Città": ("businesses.city", "Lucca|Pisa|Siena"),
        "CAP": ("businesses.zip", "55100|56121|53100"),
        "Referente": ("people.name", "Maria Rossi|Luca Verdi|Anna Neri"),
    }),
    "who works where as a student, from when to when": ("people", {
        "Host Site": ("people.business", FIRMS),
        "Site Supervisor": ("people.name", PEOPLE),
        "Supervisor Email": ("people.email", MAILS),
        "Student": ("none", "Lia Moss|Ben Hart|Tom Ives|Eva Kahn|Max Dorn"),
        "Start": ("none", DAYS),
        "End": ("none", DAYS),
        "Site City": ("businesses.city", CITIES),
    }),
    "a log of what was sent to whom": ("touchpoints", {
        "email": ("people.email", MAILS),
        "firm": ("touchpoints.business", FIRMS),
        "name": ("touchpoints.person", PEOPLE),
        "sent_at": ("touchpoints.date", DAYS),
        "nudge_sent": ("none", "true|false"),
    }),
    "a log of calls, without anybody's name": ("touchpoints", {
        "Called At": ("touchpoints.date", DAYS),
        "Business Name": ("touchpoints.business", FIRMS),
        "Business ID": ("businesses.source_id", "7701|7702|7703|7704|7705"),
        "Phone": ("businesses.phone", "617-555-0117|617-555-0118|617-555-0119"),
        "City": ("businesses.city", CITIES),
    }),
    "short words for lines, cities and those to ask": ("businesses", {
        "EMPLR_NM": ("businesses.name", FIRMS),
        "EMPLR_ADDR_LN1": ("businesses.street", STREETS),
        "EMPLR_CTY": ("businesses.city", CITIES),
        "EMPLR_ZIP5": ("businesses.zip", ZIPS),
        "CNTCT_NM": ("people.name", PEOPLE),
        "CNTCT_EML": ("people.email", MAILS),
    }),
    "people, of whom some are firms": ("people", {
        "First Name": ("people.first_name", "Ana|Karen|James|Maria|Paul"),
        "Last Name/Organization Name": ("people.last_name", "Silva|Lund|Ode|Cruz|Roe"),
        "Best email to reach you": ("people.email", MAILS),
        "City": ("none", CITIES),
        "Anything else we should know?": ("people.notes", "We would like to hear more in summer.|Please call first."),
    }),
}
# fmt: on


@pytest.mark.parametrize("name", LISTS)
def test_each_column_gets_its_place(name: str) -> None:
    kind, columns = LISTS[name]
    check(kind, columns)


def test_a_report_on_a_meeting_is_read_from_the_people_who_came() -> None:
    above = (
        "Attendee Report\n"
        'Topic,Webinar ID,Start Time,Minutes\n"Hiring, how",891 1234,"03/05/2024 12:55 PM",64\n'
        "Attendee Details,\n"
    )
    columns: Columns = {
        "Attended": ("none", "Yes|No"),
        "First Name": ("people.first_name", "Ana|Karen|James"),
        "Last Name": ("people.last_name", "Silva|Lund|Ode"),
        "Email": ("people.email", MAILS),
        "Organization": ("people.business", FIRMS),
        "Job Title": ("people.title", "Owner|HR Manager|President"),
    }
    check("people", columns, above=above)
    assert inspect(columns, above=above).header_row == 4


def test_who_came_to_a_meeting_stands_below_the_meeting() -> None:
    above = (
        "Meeting ID,Topic,Start Time,End Time,User Email,Minutes,Participants\n"
        '812 34,"Hiring, how","Aug 12, 2026 10:00 AM","Aug 12, 2026 11:00 AM",d@board.example,60,3\n\n'
    )
    columns: Columns = {
        "Name (Original Name)": ("people.name", PEOPLE),
        "User Email": ("people.email", MAILS),
        "Join Time": ("none", "Aug 12, 2026 10:00 AM|Aug 12, 2026 10:02 AM"),
        "Duration (Minutes)": ("none", "60|58"),
    }
    check("people", columns, above=above)


def test_fourteen_digits_are_no_telephone_number() -> None:
    told = inspect({"School": ("", FIRMS), "Column": ("", "01100170000000|01100170109835|01100170112607")})
    assert told.columns[1].meaning == "none"


def test_long_lists_of_names_are_people_and_other_long_lists_are_not() -> None:
    names = "Ana Silva, Karen Lund, James Ode, Maria Cruz|Paul Roe, James Ode, Karen Lund, Ana Silva"
    log = {"Date": ("", DAYS), "Company": ("", FIRMS), "Purpose": ("", "Tour|Talk")}
    assert inspect({**log, "Attendees": ("", names)}).columns[3].meaning == "touchpoints.person"
    lists = "Civil Engineering, Data Science, Physics|Chemistry, Physics, Computer Engineering"
    assert inspect({**log, "Name List": ("", lists)}).columns[3].meaning == "none"


def test_a_list_of_public_events_is_not_taken_for_contacts_or_firms() -> None:
    fair: Columns = {
        "Name": ("none", "Spring Job Fair|Manufacturing Day|Chamber Mixer|Open House"),
        "Start Date": ("none", DAYS),
        "End Date": ("none", DAYS),
        "Venue": ("none", "Civic Center|Main Library"),
        "Address": ("none", STREETS),
        "Contact Name": ("none", PEOPLE),
    }
    told = inspect(fair)
    assert told.kind is None
    assert {one.meaning for one in told.columns} == {"none"}
    assert inspect({**fair, "Company": ("", FIRMS)}).kind == "touchpoints"


def test_sites_of_their_own_are_told_from_pages_of_one_site() -> None:
    firms = {"Company": ("", FIRMS)}
    own = "https://harbor.example/us|https://reata.example|https://zeta.example/about"
    assert inspect({**firms, "Page URL": ("", own)}).columns[1].meaning == "businesses.website"
    pages = "https://list.example/7|https://list.example/8|https://list.example/9"
    assert inspect({**firms, "Page URL": ("", pages)}).columns[1].meaning == "none"


def test_without_headings_days_firms_and_ways_to_be_in_touch_are_a_log() -> None:
    rows = "".join(
        f"{day},{firm},{channel}\n"
        for day, firm, channel in zip(
            DAYS.split("|"), FIRMS.split("|"), ("Phone", "Visit", "Email", "Phone", "Visit"), strict=True
        )
    )
    with open_sheet(rows.encode(), "list.csv") as sheet:
        told = inspect_sheet(sheet)
    assert told.kind == "touchpoints"
    meanings = [one.meaning for one in told.columns]
    assert meanings == ["touchpoints.date", "touchpoints.business", "touchpoints.channel"]


def test_the_address_of_the_place_counts_before_that_of_its_mail() -> None:
    place = {"Prem Addr": STREETS, "Prem City": CITIES, "Prem State": "MA", "Prem Zip": ZIPS}
    mail = {"Mail Addr": STREETS, "Mail City": "Rome|Paris", "Mail State": "NH", "Mail Zip": ZIPS}
    told = inspect({"Licensee": ("", FIRMS), **{name: ("", cells) for name, cells in (mail | place).items()}})
    meanings = {one.header: one.meaning for one in told.columns}
    assert {meanings[name] for name in mail} == {"none"}
    assert [meanings[name] for name in place] == [f"businesses.{part}" for part in ("street", "city", "state", "zip")]
    alone = inspect({"Licensee": ("", FIRMS), **{name: ("", cells) for name, cells in mail.items()}})
    assert [one.meaning for one in alone.columns[1:]] == [f"businesses.{p}" for p in ("street", "city", "state", "zip")]
