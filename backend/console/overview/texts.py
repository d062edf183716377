"""Every word of the page, in Latvian and in English."""

from collections.abc import Mapping

from backend.kernel.errors import Text

WORDS: Mapping[str, Text] = {
    "product": Text("Novads", "Novads"),
    "tagline": Text(
        "Pašvaldības lietotnes serveris un paziņojumu centrs",
        "The backend of a municipality’s app, and its notification hub",
    ),
    "runs": Text("Darbojas.", "It runs."),
    "skip": Text("Uz saturu", "Skip to content"),
    "language": Text("Valoda", "Language"),
    "contents": Text("Kur tālāk", "Where next"),
    "yes": Text("jā", "yes"),
    "no": Text("nē", "no"),
    # the live part
    "as-of": Text("Atjaunots", "Updated"),
    "pause": Text("Apturēt atjaunināšanu", "Pause updates"),
    "lost": Text("Serveris neatbild; mēģinām vēl.", "The server does not answer; trying again."),
    "without-script": Text(
        "Lai redzētu jaunākos skaitļus, pārlādējiet lapu.",
        "To see newer figures, reload the page.",
    ),
    "reload": Text("Pārlādēt", "Reload"),
    # what runs
    "system": Text("Kas darbojas", "What runs"),
    "environment": Text("Vide", "Environment"),
    "environment.development": Text("izstrāde", "development"),
    "environment.production": Text("ražošana", "production"),
    "version": Text("Versija", "Version"),
    "database": Text("Datubāze", "Database"),
    "database.embedded": Text("iegultā PostgreSQL", "embedded PostgreSQL"),
    "database.server": Text("PostgreSQL serveris", "PostgreSQL server"),
    "answers": Text("atbild", "answers"),
    "silent": Text("neatbild", "does not answer"),
    "workers": Text("Darba procesi", "Workers"),
    "workers.at-work": Text("darbojas", "at work"),
    "queue": Text("Sūtījumu rinda, porcijas", "Delivery queue, chunks"),
    "queue.due": Text("gaida", "waiting"),
    "queue.leased": Text("tiek sūtītas", "being sent"),
    "queue.later": Text("vēlākam laikam", "for later"),
    "events": Text("Notikumu rinda", "Event queue (outbox)"),
    "events.waiting": Text("gaida", "waiting"),
    "events.given-up": Text("neizdevušies", "given up"),
    "simulators": Text("Simulatori", "Simulators"),
    "simulators.on": Text("ieslēgti", "on"),
    "simulators.off": Text("izslēgti", "off"),
    # the last campaign
    "campaign": Text("Pēdējā kampaņa", "The last campaign"),
    "campaign.none": Text("Vēl nav nevienas kampaņas.", "There is no campaign yet."),
    "campaign.municipality": Text("Pašvaldība", "Municipality"),
    "campaign.class": Text("Klase", "Class"),
    "campaign.severity": Text("Smagums", "Severity"),
    "campaign.state": Text("Stāvoklis", "State"),
    "campaign.recipients": Text("Saņēmēji", "Recipients"),
    "campaign.created": Text("Izveidota", "Created"),
    "campaign.done": Text("Paveikti sūtījumi", "Deliveries done"),
    "campaign.of": Text("no", "of"),
    "campaign.unsent": Text(
        "Vēl nav sūtīta, tāpēc nav ko skaitīt.", "Not sent yet: nothing to count."
    ),
    "campaign.balances": Text(
        "Skaitītāji sader: katrā kanālā kopā ir tikpat, cik saņēmēju.",
        "The counters balance: every channel adds up to the recipients.",
    ),
    "campaign.does-not-balance": Text(
        "Skaitītāji NESADER: kādā kanālā kopā nav tikpat, cik saņēmēju.",
        "The counters DO NOT balance: a channel does not add up to the recipients.",
    ),
    "deliveries": Text("Sūtījumi pēc stāvokļa un kanāla", "Deliveries by state and channel"),
    "state": Text("Stāvoklis", "State"),
    "total": Text("Kopā", "Total"),
    "class.official": Text("oficiāls paziņojums", "official"),
    "class.alert": Text("brīdinājums", "alert"),
    "class.service": Text("pakalpojuma ziņa", "service"),
    "class.civic": Text("pašvaldības ziņa", "civic"),
    "class.commercial": Text("komerciāla ziņa", "commercial"),
    "severity.Extreme": Text("ārkārtējs", "extreme"),
    "severity.Severe": Text("smags", "severe"),
    "severity.Moderate": Text("vidējs", "moderate"),
    "severity.Minor": Text("neliels", "minor"),
    "campaign.draft": Text("melnraksts", "draft"),
    "campaign.in_review": Text("tiek pārbaudīta", "in review"),
    "campaign.approved": Text("apstiprināta", "approved"),
    "campaign.scheduled": Text("ieplānota", "scheduled"),
    "campaign.sending": Text("tiek sūtīta", "sending"),
    "campaign.paused": Text("apturēta", "paused"),
    "campaign.sent": Text("nosūtīta", "sent"),
    "campaign.cancelled": Text("atcelta", "cancelled"),
    "campaign.failed": Text("neizdevās", "failed"),
    "channel.inbox": Text("Iesūtne", "Inbox"),
    "channel.push": Text("Push", "Push"),
    "channel.web_push": Text("Web Push", "Web Push"),
    "channel.email": Text("E\u2011pasts", "E\u2011mail"),
    "channel.sms": Text("SMS", "SMS"),
    "delivery.queued": Text("Rindā", "Queued"),
    "delivery.held": Text("Atlikti", "Held"),
    "delivery.sending": Text("Tiek sūtīti", "Sending"),
    "delivery.accepted": Text("Pieņemti", "Accepted"),
    "delivery.delivered": Text("Piegādāti", "Delivered"),
    "delivery.opened": Text("Atvērti", "Opened"),
    "delivery.suppressed": Text("Nav sūtāmi", "Suppressed"),
    "delivery.failed": Text("Neizdevās", "Failed"),
    "delivery.expired": Text("Noilguši", "Expired"),
    "delivery.cancelled": Text("Atcelti", "Cancelled"),
    "delivery.unknown": Text("Nezināmi", "Unknown"),
    # the simulators
    "received": Text("Ko saņēma simulatori", "What the simulators received"),
    "received.caption": Text("Ziņas, kas pienāca simulatoros", "Messages that reached simulators"),
    "received.measure": Text("Rādītājs", "Figure"),
    "received.answers": Text("Atbild", "Answers"),
    "received.received": Text("Saņemtas", "Received"),
    "received.distinct": Text("Atšķirīgas", "Distinct"),
    "received.duplicates": Text("Atkārtotas", "Duplicates"),
    "received.refused": Text("Noraidītas", "Refused"),
    "received.receipts_sent": Text("Nosūtītas kvītis", "Receipts sent"),
    # where next
    "links.api": Text("API apraksti", "API descriptions"),
    "links.health": Text("Veselība un mērījumi", "Health and metrics"),
    "/schema": Text("Visi apraksti", "All descriptions"),
    "/schema/mobile": Text("Iedzīvotāju lietotne", "Residents’ app"),
    "/schema/staff": Text("Darbinieki", "Staff"),
    "/schema/partner": Text("Partneri", "Partners"),
    "/schema/ingest": Text("Citas sistēmas", "Other systems"),
    "/health/live": Text("Vai process dzīvs", "Is the process alive"),
    "/health/ready": Text("Vai gatavs darbam", "Is it ready to serve"),
    "/metrics": Text("Mērījumi (Prometheus)", "Metrics (Prometheus)"),
}

DESCRIPTIONS = ("/schema", "/schema/mobile", "/schema/staff", "/schema/partner", "/schema/ingest")
HEALTH = ("/health/live", "/health/ready")
METRICS = "/metrics"


def word(name: str, language: str) -> str:
    """Give one text in a language."""
    text = WORDS[name]
    return text.lv if language == "lv" else text.en
