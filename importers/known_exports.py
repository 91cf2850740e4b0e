"""Known exports: files that are recognised by their headings, with what those headings mean where a name misleads.

Address books and calendars that are read as tables (vCard, iCalendar) come under the headings of Outlook's exports.

Each is a row of this table: the headings that such a file has, what its own headings mean, which rows are left out, and
what is said of every row. What is not listed is guessed as in any other file; after that a known export is a file like
any other, with the same column map as if a person had said it. Headings are compared without case; they are those of
the English versions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from importers.clues import FIND
from importers.headers import normalise_heading


@dataclass(frozen=True)
class Export:
    """`needs` are headings that such a file has, all of them, `signs` those of which it has one at least, `lacks` those
    that it does not have. `means` says by heading the column of a plain file, or `none`. `passed` are the headings and
    words that leave rows out, `constants` columns with the same value in every row.
    """

    name: str
    kind: str
    needs: str
    signs: str = ""
    lacks: str = ""
    means: str = ""
    passed: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = field(default=())

    @cached_property
    def meanings(self) -> dict[str, str]:
        """heading, as it is compared -> `kind.column` or `none`."""
        pairs = (part.rpartition("=") for part in _list(self.means))
        return {heading.strip(): meaning.strip() for heading, _, meaning in pairs}

    def fits(self, headings: set[str]) -> bool:
        signs = set(_list(self.signs))
        return (
            set(_list(self.needs)) <= headings
            and (not signs or bool(signs & headings))
            and not set(_list(self.lacks)) & headings
        )


def _list(text: str) -> list[str]:
    return [part for line in text.split("|") if (part := " ".join(line.split()))]


def find_export(headers: Sequence[str]) -> Export | None:
    """The known export that has these headings; of several the one that asks for most of them."""
    headings = {normalise_heading(header) for header in headers}
    fitting = [export for export in EXPORTS if export.fits(headings)]
    return max(fitting, key=lambda export: len(_list(export.needs)), default=None)


def get_export(name: str | None) -> Export | None:
    """The known export of this name."""
    return next((export for export in EXPORTS if export.name == name), None)


IS_DELETED = (("IsDeleted", "true;1"),)
IS_PRIVATE = (("Private", "true;yes;1"),)

SALESFORCE_OWN = """isdeleted=none|masterrecordid=none|ownerid=none|createddate=none|createdbyid=none
    |lastmodifieddate=none|lastmodifiedbyid=none|systemmodstamp=none|lastactivitydate=none|lastvieweddate=none
    |lastreferenceddate=none|isarchived=none|photourl=none|jigsaw=none|jigsawcompanyid=none|recordtypeid=none
    |lastcurequestdate=none|lastcuupdatedate=none|isclosed=none|ishighpriority=none"""
ADDRESS_OF_OUTLOOK = """business street=businesses.street|business street 2=businesses.street
    |business street 3=businesses.street|business city=businesses.city|business state=businesses.state
    |business postal code=businesses.zip|business country=none|business country/region=none
    |business address po box=none"""
MAILCHIMP_OWN = """member_rating=none|optin_time=none|optin_ip=none|confirm_time=none|confirm_ip=none|latitude=none
    |longitude=none|gmtoff=none|dstoff=none|timezone=none|cc=none|region=none|last_changed=none|leid=none|euid=none
    |notes=people.notes|tags=none|unsub_campaign_title=none|unsub_campaign_id=none|unsub_reason=none
    |unsub_reason_other=none|clean_campaign_title=none|clean_campaign_id=none|email address=people.email
    |first name=people.first_name|last name=people.last_name"""

EXPORTS: tuple[Export, ...] = (
    Export(
        "Salesforce contacts report", "people", "first name|last name|account name",
        signs="account owner|mailing street|mailing city|contact id|salutation|lead source|account id",
        lacks="subject",
        means="""salutation=none|title=people.title|account name=people.business|account owner=none|fax=none
        |contact owner=none|lead source=none|contact record type=none|mailing street=businesses.street
        |mailing city=businesses.city|mailing state/province=businesses.state
        |mailing zip/postal code=businesses.zip|mailing country=none|contact id=people.source_id
        |account id=businesses.source_id|phone=people.phone|mobile=people.mobile|email=people.email
        |email opt out=people.do_not_contact|do not call=none|last activity=none""",
    ),
    Export(
        "Salesforce accounts report", "businesses", "account name",
        signs="account owner|billing street|billing city|billing state/province|last activity|account id",
        lacks="first name|last name|subject|date|contact",
        means="""account name=businesses.name|account owner=none|type=none|account id=businesses.source_id
        |last activity=none|last modified date=none|billing street=businesses.street|billing city=businesses.city
        |billing state/province=businesses.state|billing zip/postal code=businesses.zip|billing country=none
        |shipping street=none|shipping city=none|shipping state/province=none|shipping zip/postal code=none
        |parent account=businesses.parent|employees=businesses.employees|rating=none|industry=none""",
    ),
    Export(
        "Salesforce leads report", "people", "lead owner|company / account",
        means="""lead owner=none|company / account=people.business|lead source=none|rating=none|title=people.title
        |street=businesses.street|lead status=none|lead id=people.source_id|converted=none""",
    ),
    Export(
        "Salesforce tasks and events report", "touchpoints", "assigned|subject|date",
        signs="company / account|contact|activity id|full comments|task subtype",
        means="""assigned=touchpoints.staff|subject=touchpoints.topics|date=touchpoints.date|status=none|priority=none
        |company / account=touchpoints.business|contact=touchpoints.person|opportunity=none|lead=none
        |full comments=touchpoints.notes|comments=touchpoints.notes|activity id=touchpoints.source_id
        |activity type=touchpoints.channel|call type=touchpoints.direction|call result=touchpoints.outcome
        |task subtype=none|account id=businesses.source_id|task=none|event subtype=none|related to=none""",
    ),
    Export(
        "Salesforce account records", "businesses", "id|name|billingstreet|ownerid",
        means=f"""id=businesses.source_id|name=businesses.name|type=none|parentid=none|billingstreet=businesses.street
        |billingcity=businesses.city|billingstate=businesses.state|billingpostalcode=businesses.zip
        |billingcountry=none|shippingstreet=none|shippingcity=none|shippingstate=none|shippingpostalcode=none
        |shippingcountry=none|phone=businesses.phone|fax=none|accountnumber=none|website=businesses.website|sic=none
        |naicscode=businesses.naics|industry=none|annualrevenue=none|numberofemployees=businesses.employees
        |ownership=none|tickersymbol=none|description=businesses.notes|rating=none|site=none|{SALESFORCE_OWN}""",
        passed=IS_DELETED,
    ),
    Export(
        "Salesforce contact records", "people", "id|accountid|firstname|lastname",
        means=f"""id=people.source_id|accountid=people.business|firstname=people.first_name|lastname=people.last_name
        |name=none|salutation=none|title=people.title|phone=people.phone|mobilephone=people.mobile|homephone=none
        |otherphone=none|fax=none|assistantphone=people.assistant_phone|assistantname=people.assistant
        |reportstoid=none|email=people.email|department=none|leadsource=none|birthdate=none
        |description=people.notes|hasoptedoutofemail=people.do_not_contact|hasoptedoutoffax=none|donotcall=none
        |mailingstreet=businesses.street|mailingcity=businesses.city|mailingstate=businesses.state
        |mailingpostalcode=businesses.zip|mailingcountry=none|otherstreet=none|othercity=none|otherstate=none
        |otherpostalcode=none|othercountry=none|{SALESFORCE_OWN}""",
        passed=IS_DELETED,
    ),
    Export(
        "Salesforce task records", "touchpoints", "id|whoid|whatid|subject|activitydate",
        means=f"""id=touchpoints.source_id|whoid=touchpoints.person|whatid=none|accountid=touchpoints.business
        |subject=touchpoints.topics|activitydate=touchpoints.date|status=none|priority=none
        |description=touchpoints.notes|calldurationinseconds=none|calltype=touchpoints.direction
        |calldisposition=touchpoints.outcome|callobject=none|tasksubtype=touchpoints.channel
        |completeddatetime=none|reminderdatetime=none|isreminderset=none|{SALESFORCE_OWN}""",
        passed=IS_DELETED,
    ),
    Export(
        "Salesforce event records", "touchpoints", "id|whoid|whatid|subject|startdatetime",
        means=f"""id=touchpoints.source_id|whoid=touchpoints.person|whatid=none|accountid=touchpoints.business
        |subject=touchpoints.topics|startdatetime=touchpoints.date|enddatetime=none|activitydatetime=none
        |activitydate=none|durationinminutes=none|eventsubtype=none|type=touchpoints.channel|location=none
        |description=touchpoints.notes|isprivate=none|isalldayevent=none|showas=none|{SALESFORCE_OWN}""",
        passed=(*IS_DELETED, ("IsPrivate", "true;1")),
    ),
    Export(
        "HubSpot companies", "businesses", "record id|company name", lacks="first name|last name|email",
        means="""record id=businesses.source_id|company name=businesses.name|company owner=none|create date=none
        |phone number=businesses.phone|last activity date=none|city=businesses.city|country/region=none
        |industry=none|company domain name=businesses.website|lead status=none|type=none
        |state/region=businesses.state|postal code=businesses.zip|street address=businesses.street
        |number of employees=businesses.employees|annual revenue=none""",
    ),
    Export(
        "HubSpot contacts", "people", "record id|first name|last name",
        means="""record id=people.source_id|first name=people.first_name|last name=people.last_name
        |email=people.email|phone number=people.phone|mobile phone number=people.mobile|lead status=none
        |create date=none|associated company=people.business|company name=people.business|contact owner=none
        |country/region=none|marketing contact status=none|last activity date=none
        |unsubscribed from all email=people.do_not_contact|job title=people.title|lifecycle stage=none
        |associated company ids=none""",
    ),
    Export(
        "HubSpot contacts with companies", "people", "record id - contact|first name|last name|company name",
        means="""record id - contact=people.source_id|first name=people.first_name|last name=people.last_name
        |email=people.email|phone number=people.phone|contact owner=none|last activity date=none|lead status=none
        |marketing contact status=none|create date=none|record id - company=businesses.source_id
        |company name=people.business|company owner=none""",
    ),
    Export(
        "Outlook contacts", "people", "first name|last name|company|job title|e-mail address|business phone",
        means=f"""title=none|first name=people.first_name|middle name=none|last name=people.last_name|suffix=none
        |nickname=none|company=people.business|department=none|job title=people.title|{ADDRESS_OF_OUTLOOK}
        |assistant's name=people.assistant|assistant's phone=people.assistant_phone|business fax=none
        |business phone=people.phone|business phone 2=none|callback=none|car phone=none|home phone=none
        |home phone 2=none|primary phone=none|pager=none|radio phone=none|tty/tdd phone=none|telex=none|isdn=none
        |company main phone=businesses.phone|mobile phone=people.mobile|other phone=none|other fax=none|home fax=none
        |account=none|anniversary=none|birthday=none|billing information=none|categories=none|children=none
        |directory server=none|e-mail address=people.email|e-mail type=none|e-mail display name=none
        |e-mail 2 address=none|e-mail 2 type=none|e-mail 2 display name=none|e-mail 3 address=none|e-mail 3 type=none
        |e-mail 3 display name=none|gender=none|government id number=none|hobby=none|initials=none
        |internet free busy=none|keywords=none|language=none|location=none|manager's name=none|mileage=none
        |notes=people.notes|office location=none|organizational id number=none|priority=none|private=none
        |profession=none|referred by=none|sensitivity=none|spouse=none|schools=none|user 1=none|user 2=none
        |user 3=none|user 4=none|web page=businesses.website|personal web page=none|imaddress=none|given yomi=none
        |surname yomi=none|company yomi=none|home street=none|home street 2=none|home street 3=none|home city=none
        |home state=none|home postal code=none|home country=none|home country/region=none|home address po box=none
        |other street=none|other street 2=none|other street 3=none|other city=none|other state=none
        |other postal code=none|other country=none|other country/region=none|other address po box=none
        |full name=people.name|id=people.source_id|last modified=none|more=none""",
        passed=IS_PRIVATE,
    ),
    Export(
        "Outlook calendar", "touchpoints", "subject|start date|start time|end date",
        signs="all day event|meeting organizer|required attendees|show time as|private",
        means="""subject=touchpoints.topics|start date=touchpoints.date|start time=none|end date=none|end time=none
        |all day event=none|reminder on/off=none|reminder date=none|reminder time=none
        |meeting organizer=touchpoints.staff|required attendees=touchpoints.person|optional attendees=none
        |meeting resources=none|billing information=none|categories=none|description=touchpoints.notes|location=none
        |mileage=none|priority=none|private=none|sensitivity=none|show time as=none|company=touchpoints.business
        |organizer e-mail=none|attendee e-mails=none|status=none|id=touchpoints.source_id|more=none""",
        passed=(*IS_PRIVATE, ("Sensitivity", "private;confidential"), ("Status", "cancelled;canceled")),
        constants=(("business", FIND),),
    ),
    Export(
        "Google contacts", "people", "first name|last name|organization name|labels",
        means="""middle name=none|phonetic first name=none|phonetic middle name=none|phonetic last name=none
        |name prefix=none|name suffix=none|nickname=none|file as=none|organization name=people.business
        |organization title=people.title|organization department=none|birthday=none|notes=people.notes|photo=none
        |labels=none|e-mail 1 - value=people.email|phone 1 - value=people.phone|address 1 - formatted=none
        |address 1 - street=businesses.street|address 1 - city=businesses.city|address 1 - po box=none
        |address 1 - region=businesses.state|address 1 - postal code=businesses.zip|address 1 - country=none
        |address 1 - extended address=none|relation 1 - label=none|relation 1 - value=none
        |website 1 - value=businesses.website|e-mail 1 - label=none|phone 1 - label=none|address 1 - label=none
        |website 1 - label=none|e-mail 2 - value=none|phone 2 - value=none""",
    ),
    Export(
        "Google contacts, older", "people", "name|given name|family name|group membership",
        means="""name=none|given name=people.first_name|family name=people.last_name|additional name=none
        |occupation=none|location=none|subject=none|notes=people.notes|photo=none|group membership=none
        |e-mail 1 - type=none|e-mail 1 - value=people.email|phone 1 - type=none|phone 1 - value=people.phone
        |address 1 - type=none|address 1 - formatted=none|address 1 - street=businesses.street
        |address 1 - city=businesses.city|address 1 - region=businesses.state
        |address 1 - postal code=businesses.zip|organization 1 - type=none|organization 1 - name=people.business
        |organization 1 - title=people.title|organization 1 - department=none|organization 1 - yomi name=none
        |yomi name=none|given name yomi=none|family name yomi=none|name prefix=none|name suffix=none|initials=none
        |nickname=none|short name=none|maiden name=none|birthday=none|gender=none|billing information=none
        |directory server=none|mileage=none|hobby=none|sensitivity=none|priority=none|language=none""",
    ),
    Export(
        "Mailchimp audience", "people", "email address|leid|euid", lacks="unsub_time|clean_time",
        means=MAILCHIMP_OWN,
    ),
    Export(
        "Mailchimp, unsubscribed", "people", "email address|leid|euid|unsub_time",
        means=f"{MAILCHIMP_OWN}|unsub_time=none", constants=(("do_not_contact", "yes"),),
    ),
    Export(
        "Mailchimp, cleaned", "people", "email address|leid|euid|clean_time",
        means=f"{MAILCHIMP_OWN}|clean_time=none", constants=(("do_not_contact", "yes"),),
    ),
    Export(
        "Constant Contact", "people", "email address|first name|last name|email status",
        means="""email address=people.email|first name=people.first_name|last name=people.last_name
        |email status=people.do_not_contact|email permission status=none|email lists=none|company=people.business
        |job title=people.title|phone - home=none|phone - work=people.phone|phone - mobile=people.mobile|tags=none
        |country - home=none|birthday=none|anniversary=none|created at=none|updated at=none|source name=none""",
    ),
    Export(
        "Eventbrite attendees", "people", "order #|first name|last name|email|attendee status",
        means="""order #=none|order date=none|first name=people.first_name|last name=people.last_name
        |email=people.email|quantity=none|price tier=none|ticket type=none|attendee #=none|group=none|order type=none
        |currency=none|total paid=none|fees paid=none|eventbrite fees=none|eventbrite payment processing=none
        |attendee status=none|home address 1=none|home address 2=none|home city=none|home state=none|home zip=none
        |home country=none|job title=people.title|company=people.business""",
        passed=(("Attendee Status", "Not Attending;Refunded;Deleted;Cancelled"),),
    ),
    Export(
        "LinkedIn connections", "people", "first name|last name|company|position|connected on",
        means="""first name=people.first_name|last name=people.last_name|url=none|email address=people.email
        |company=people.business|position=people.title|connected on=none""",
    ),
    Export(
        "Data Axle", "businesses", "company name|iusa number",
        means="""company name=businesses.name|address=businesses.street|city=businesses.city|state=businesses.state
        |zip code=businesses.zip|county=businesses.county|metro area=none|phone number combined=businesses.phone
        |website=businesses.website|executive first name=people.first_name|executive last name=people.last_name
        |executive title=people.title|executive first name 1=people.first_name
        |executive last name 1=people.last_name|executive title 1=people.title|professional title=none
        |primary naics=businesses.naics|primary naics description=none|naics 1=none|naics 1 description=none
        |primary sic code=none|primary sic description=none|location employee size actual=businesses.employees
        |location employee size range=none|corporate employee size actual=none|location sales volume actual=none
        |location sales volume range=none|location type=none|parent company name=businesses.parent
        |iusa number=businesses.source_id|parent iusa number=none|subsidiary iusa number=none|ein 1=businesses.ein
        |year established=none|latitude=none|longitude=none|record type=none|fortune 1000 ranking=none""",
    ),
    Export(
        "US Chamber roster", "businesses", "member id|company name|street extra",
        signs="""contact last name|contact last|last name|contact name""",
        means="""member id=businesses.source_id|company name=businesses.name|street=businesses.street
        |street extra=businesses.street|city=businesses.city|state=businesses.state|zip=businesses.zip|zip ext=none
        |zip ext.=none|zip extension=none|contact prefix=none|prefix=none|contact first=people.first_name
        |contact first name=people.first_name|first name=people.first_name|contact middle=none
        |contact middle name=none|middle name=none|contact last=people.last_name|contact last name=people.last_name
        |last name=people.last_name|contact name=people.name|job title=people.title|phone=businesses.phone|fax=none
        |email=people.email""",
    ),
    Export(
        "Service log", "touchpoints", "service category|service date",
        signs="employer name|employer|business name|company name",
        means="service category=touchpoints.service|service date=touchpoints.date",
        constants=(("purpose", "service"),),
    ),
)  # fmt: skip
