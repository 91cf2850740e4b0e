"""Column headings in other languages: word by word what they are in English, without accents and in small letters.

An export has the headings of its user's language, and an agency's own list those of the people whom it serves.
"""

SPANISH = """
nombre nombres=name; apellido apellidos=last name; empresa empresas compania negocio=company; razon=legal;
social=name; comercial=trade; direccion domicilio=address; calle=street; ciudad municipio poblacion=city; estado
provincia=state; codigo=code; pais=country; condado=county; telefono telefonos=phone; celular movil=mobile; correo
correos=email; electronico electronica=electronic; pagina sitio=website; contacto contactos=contact; persona
personas=person; puesto cargo=job title; gerente=manager; dueno duena propietario propietaria=owner;
representante=representative; numero=number; empleados trabajadores=employees; tamano=size; giro rubro ramo=industry;
industria=industry; actividad=activity; categoria=category; observaciones notas comentarios=notes;
descripcion=description; detalles=details; fecha=date; hora=time; inicio=start; duracion=duration; tipo=type; metodo
forma=method; medio=medium; canal=channel; motivo razones=reason; proposito objetivo=purpose; asunto=subject; tema
temas=topic; resultado=outcome; resultados=outcome; proximo proxima siguiente=next; paso pasos=step;
seguimiento=follow up; atendido=seen; realizado=made; visitado=visited; por=by; con=with; responsable asesor
asesora=advisor; organizador=organizer; asistentes participantes=attendee; visita=visit; llamada=call; reunion
cita=meeting; servicio servicios=service; programa=program; cliente clientes=client; proveedor=vendor;
organizacion=organization; institucion=institution; escuela=school; ocupacion=occupation; compromiso
compromisos=commitment; acuerdo acuerdos=promise; rfc nit cif=tax id; comienzo=start; finalizacion=end;
ubicacion=location; necesarios=required; opcionales=optional; mensaje=message; localidad=city; encargado
encargada=contact person; colonia=neighborhood; creacion=created; actualizacion=updated; modificacion=modified;
registro=registration; alta=added; completo=full; cp=zip; particular=home; secundario secundaria alterno=secondary;
otro otra=other; genero sexo=gender; nacimiento=birthday; ingreso=joined; vencimiento=expiration; de del la las los el
y e en al=the
"""

FRENCH = """
nom=name; prenom=first name; societe entreprise=company; raison=legal; sociale=name; adresse=address; rue=street;
ville=city; postal=zip; pays=country; departement=department; telephone=phone; portable=mobile; courriel=email;
messagerie=email; fonction poste=job title; titre=title; effectif effectifs salaries=employees; secteur=industry;
activite=activity; remarques commentaires=notes; debut=start; heure=time; duree=duration; objet sujet=subject;
organisateur=organizer; participants=attendee; obligatoires=required; facultatifs=optional; compte=account; et des du
les le=the; numero=number; emplacement=location; commune localite=city; identifiant=id; complet=full;
principale=primary; cp=zip; domicile perso=home; echeance=due date; conseiller conseillere=advisor; interlocuteur
interlocutrice=contact person; suivi=follow up; prochain prochaine=next; etape=step; motif=reason; resultat=outcome;
commentaire observation=notes; creation=created; modification=modified; mel=email; dirigeant dirigeants
gerant=manager; exploitant exploitante=owner
"""

GERMAN = """
vorname=first name; hausnummer=house number; postleitzahl=zip; nachname=last name;
anrede=salutation; firma unternehmen firmenname=company; strasse=street;
ort stadt=city; bundesland=state; land=country; telefon rufnummer=phone; telefonnummer=phone number; handy
mobiltelefon=mobile; mobilnummer=mobile; mailadresse=email; webseite internetseite=website; ansprechpartner=contact
person; funktion=job title; abteilung=department; mitarbeiter mitarbeiterzahl=employees; branche=industry; bemerkung
bemerkungen notizen=notes; datum=date; uhrzeit=time; betreff=subject; thema=topic; beginnt=start; endet=end; am=date;
um=time; dauer=duration; organisator besprechungsorganisator=organizer; teilnehmer=attendee; erforderliche=required;
optionale=optional; beschreibung=description; ergebnis=outcome; geschaftlich=business; privat=home; und der die das=the;
kundennummer=id; kunde=client; kreditor lieferant=vendor; debitor=customer;
umsatzsteuer ust=vat; steuernummer=tax number; lieferantennummer=id; verein=club; vereinsname=club name;
internet=website; adresse=address
"""

PORTUGUESE = """
nome=name; sobrenome=last name; endereco=address; rua=street; cidade=city; cep=zip; pais=country; celular=mobile;
funcionarios=employees; setor=industry; data=date; observacoes=notes; descricao=description; assunto=subject;
"""

ITALIAN = """
cognome=last name; azienda ditta societa=company; ragione=legal; sociale=name; indirizzo=address; citta comune=city;
provincia=state; cap=zip; telefono=phone; cellulare=mobile; sito=website; referente=contact; ruolo=job title;
dipendenti addetti=employees; settore=industry; note=notes; oggetto=subject; partecipante partecipanti=attendee;
ordine=order; evento=event; dell del della di=the
"""


def _read(text: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for entry in " ".join(text.split()).split(";"):
        foreign, _, english = entry.partition("=")
        words |= dict.fromkeys(foreign.split(), english.strip())
    return words


# Of a word that two languages have, the first one counts. "Data" is English.
FOREIGN: dict[str, str] = {
    word: english
    for word, english in (_read(ITALIAN) | _read(PORTUGUESE) | _read(GERMAN) | _read(FRENCH) | _read(SPANISH)).items()
    if word not in {"data", "telephone", "portable", "land", "am", "um", "die", "e", "y", "al", "en"}
}
# Said in several words, of which one alone would mislead: "todo" is also short for "to do".
SAID_TOGETHER: dict[str, str] = {
    "todo el dia": "all day", "journee entiere": "all day", "ganztagiges ereignis": "all day", "ust-id": "vat id",
    "dia inteiro": "all day", "f/u": "follow up", "f-up": "follow up", "f/up": "follow up", "compte rendu": "notes",
    "suite a donner": "next step", "suites a donner": "next step", "a faire": "to do",
    "quien atendio": "seen by", "que se acordo": "agreed action", "con quien": "with",
}  # fmt: skip
# Words that say nothing by themselves.
EMPTY = frozenset({"electronic"})
