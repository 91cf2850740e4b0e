"""Words by which a cell is known for a person's name, a firm, a street, a job or a state."""


def to_words(text: str) -> frozenset[str]:
    """The words of a text; an underscore stands for a blank."""
    return frozenset(word.replace("_", " ") for word in text.split())


STATES = to_words(
    """
    ab act ak al alabama alaska alberta ar arizona arkansas as az bc british_columbia ca california co colorado
    connecticut ct dc de delaware district_of_columbia fl florida ga georgia gu hawaii hi ia id idaho il illinois in
    indiana iowa kansas kentucky ks ky la louisiana ma maine manitoba maryland massachusetts mb md me mi michigan
    minnesota mississippi missouri mn mo montana mp ms mt nb nc nd ne nebraska nevada new_hampshire new_jersey
    new_mexico new_south_wales new_york nh nj nl nm north_carolina north_dakota nova_scotia ns nsw nt nu nv ny oh
    ohio ok oklahoma on ontario or oregon pa pe pennsylvania pr puerto_rico qc qld quebec queensland rhode_island ri
    sc sd sk south_carolina south_dakota tas tennessee texas tn tx ut utah va vermont vi vic victoria virginia vt wa
    washington west_virginia wi wisconsin wv wy wyoming yt
    """
)

STREETS = to_words(
    """
    alley av ave avenue blvd boulevard box broadway camino cir circle court ct dr drive e east el expressway expy fl
    floor highway hwy lane ln loop n ne north nw parkway pike pkwy pl place plaza plz rd real road route row rte s
    se south sq square st ste street suite sw ter terrace tpke trail trl turnpike w way west
    """
)

COMPANY_WORDS = to_words(
    """
    academy agency alliance america american apartments associates association authority auto automotive bakery bank
    bar board brewery brewing builder builders bureau cafe capital care catering center centre chamber church city
    cleaners cleaning clinic club coalition coffee college commission committee communications construction
    consulting contractor contractors council county credit daycare deli dental department design diner electric
    electrical energy engineering enterprises farm farms federal federation financial fitness food foods foundation
    freight gas global grill grocery group gym health healthcare heating holdings home homes hospital hotel
    industries inn institute insurance international kitchen lab laboratories labs landscaping learning library
    local logistics machine manufacturing market media medical metals mfg ministries ministry montessori motel motor
    motors museum mutual national network networks nursery office oil organization painting partners party pharmacy
    pizza plastics plumbing power preschool press products properties pub publishing realty repair restaurant
    roofing salon school schools security service services shop society software solutions spa staffing steel store
    studio studios supplies supply systems tech technologies technology theater theatre tool tools transport
    trucking trust union university ventures water winery wireless works
    """
)

JOB_WORDS = to_words(
    """
    accountant administrator advisor agent analyst assistant associate attorney avp bookkeeper broker buyer captain
    cco ceo cfo chair chairman chairperson chancellor chef chief chro cio clerk commissioner consultant controller
    coo coordinator counsel cto dean deputy designer developer director dispatcher doctor editor engineer evp
    executive foreman founder generalist gm head hr instructor lead leader machinist manager mayor mechanic member
    minister nurse officer operator owner partner pastor physician planner president principal producer professor
    proprietor provost receptionist recruiter rep representative researcher scientist secretary sheriff specialist
    strategist superintendent supervisor svp teacher technician treasurer trustee vice vp welder
    """
)

SALUTATIONS = to_words(
    """
    dr fr hon madam miss mr mrs ms mx prof rev sir sister sr sra
    """
)

CHANNEL_WORDS = to_words(
    """
    call conference_call e_mail email event face_to_face fax in_person in_person_meeting incoming_call job_fair
    letter mail mass_email mass_mail meeting newsletter office_visit on_site online onsite other outgoing_call phone
    phone_call phone_email site_visit sms survey task teams telephone text text_message to_do video video_call
    virtual visit voicemail walk_in web webinar zoom
    """
)

FIRST_NAMES = to_words(
    """
    aaron abby abdul abigail adam adrian adriana agnes ahmed aidan aisha al alan albert alberto alejandra alejandro
    alex alexander alexandra alexis alfred alfredo ali alice alicia alison allan allen allison alma alvin alyssa
    amanda amber amelia amir amit amy ana andre andrea andreas andres andrew andy angel angela angelica angelo angie
    anil anita ann anna anne annette annie anthony antoine antonia antonio april ariana ariel arlene arnold arthur
    arturo ashley audrey austin ava barb barbara barry beatrice becky belinda ben benjamin bernadette bernard
    bernice beth bethany betsy betty beverly bill billy blake blanca bob bobby bonnie brad bradley brandi brandon
    brandy brenda brendan brent brett brian bridget brittany brooke bruce bryan bryce byron caleb calvin cameron
    camille candace carl carla carlos carlton carmen carol caroline carolyn carrie carter casey cassandra catherine
    cathy cecilia cedric celia cesar chad charlene charles charlie charlotte chelsea cheryl chester chloe chris
    christian christina christine christopher christy cindy claire clara clarence claude claudia clayton clifford
    clinton clyde cody colin colleen connie connor corey courtney craig cristina crystal curtis cynthia daisy dale
    dan dana daniel daniela danielle danny daphne darla darlene darrell darren darryl dave david dawn dean deanna
    deb debbie deborah debra denise dennis derek derrick desiree devin diana diane diego dolores dominic don donald
    donna dora doreen doris dorothy doug douglas duane dustin dwayne dwight dylan earl ed eddie edgar edith edna
    eduardo edward edwin eileen elaine eleanor elena elizabeth ella ellen elliott elsa emily emma enrique eric erica
    erik erika erin ernest esther ethan eugene eunice eva evan eve evelyn faith fatima faye felicia felix fernando
    fiona florence floyd frances francis francisco frank franklin fred frederick gabriel gabriela gail garrett gary
    gavin gene geoffrey george gerald geraldine gerard gilbert gina ginger giovanni glen glenda glenn gloria gordon
    grace graham grant greg gregory greta guadalupe guillermo gus gwen gwendolyn hank hannah harold harriet harry
    harvey hassan hazel heather hector heidi helen henry herbert herman hilda holly hope howard hugh hugo ian
    ibrahim ida ignacio irene iris irma isaac isabel isabella ivan jack jackie jacob jacqueline jaime jake james
    jamie jan jane janet janice jared jasmine jason javier jay jean jeanette jeanne jeff jeffrey jen jenna jennifer
    jenny jeremy jerome jerry jesse jessica jesus jill jim jimmy jo joan joann joanna joanne joe joel john johnny
    jon jonathan jordan jorge jose joseph josh joshua joy joyce juan juanita judith judy julia julian julie julio
    june justin kaitlyn karen kari karl karla kate katherine kathleen kathryn kathy katie katrina kay kayla keith
    kelly ken kendra kenneth kent kerry kevin khalid kim kimberly kirk kristen kristi kristin kristina kristine kurt
    kyle lance larry latoya laura lauren laurie lawrence leah lee leigh lena leo leon leonard leroy leslie leticia
    lewis li liam lillian lily linda lindsay lindsey lisa liz lloyd logan lois lola lonnie lora loretta lori
    lorraine louis louise lucas lucia lucille lucy luis luke luz lydia lynda lynette lynn mabel mack madeline maggie
    malcolm mandy manuel marc marcella marcia marco marcos marcus margaret margarita maria marian marianne marie
    marilyn mario marion marisa marjorie mark marlene marsha marshall martha martin marvin mary maryann mason matt
    matthew maureen maurice max maxine may mayra megan mei melanie melinda melissa melvin mercedes meredith michael
    michele michelle miguel mike milton mindy miranda miriam misty mitchell mohamed mohammed molly mona monica
    monique morgan muhammad myra nancy naomi natalie natasha nathan nathaniel neil nelson nicholas nichole nick
    nicolas nicole nina noah noel nora norma norman olga oliver olivia omar ortiz oscar otis owen pablo paige pam
    pamela pat patricia patrick patty paul paula pauline pedro peggy penny perry pete peter phil philip phillip
    phyllis priscilla priya rachel rafael raj ralph ramon ramona randall randy raquel raul ravi ray raymond rebecca
    regina reginald renee rhonda ricardo richard rick ricky rita rob robert roberta roberto robin robyn rochelle
    rodney rodrigo roger roland roman ron ronald ronnie rosa rosalind rose rosemary rosie ross roxanne roy ruben
    ruby rudy russell ruth ryan sabrina sal sally salvador sam samantha samuel sandra sandy santiago sara sarah saul
    scott sean sergio seth shane shannon shari sharon shaun shawn sheila shelby shelley shelly sheri sherri sherry
    shirley sidney silvia simon sofia sonia sonya sophia sophie spencer stacey stacy stan stanley stella stephanie
    stephen steve steven stewart stuart sue susan suzanne sylvia tamara tami tammy tanya tara tasha taylor ted
    teresa teri terrance terri terry thelma theodore theresa thomas tiffany tim timothy tina toby todd tom tommy
    toni tony tonya tracey traci tracy travis trevor tricia troy tyler tyrone valerie vanessa vera vernon veronica
    vicki vickie vicky victor victoria vince vincent viola violet virginia vivian wade wallace walter wanda warren
    wayne wei wendy wesley will william willie wilma wilson xavier yolanda yuki yvette yvonne zachary zoe
    """
)
