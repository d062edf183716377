"""Everything that can be wrong with a feed: stable codes with texts in Latvian and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.kernel.errors import Text

FAULTS: Mapping[str, Text] = {
    # The file as a whole
    "header_missing": Text("Failā nav virsraksta rindas", "The file has no header line"),
    "column_missing": Text(
        "Trūkst obligātas kolonnas; fails nav ņemts vērā",
        "A required column is missing; the file was not taken",
    ),
    "column_unknown": Text(
        "Kolonna nav zināma un nav ņemta vērā", "The column is not known and was not taken"
    ),
    "column_repeated": Text(
        "Kolonna virsrakstā atkārtojas; fails nav ņemts vērā",
        "The header names the column twice; the file was not taken",
    ),
    "file_unknown": Text(
        "Fails nav zināms un nav ņemts vērā", "The file is not known and was not taken"
    ),
    "file_without_taker": Text(
        "Šī instalācija šo failu neņem vērā", "This installation does not take the file"
    ),
    "file_repeated": Text(
        "Fails ir dots vairākās formās; ņemta vērā pirmā",
        "The file is given in several forms; the first was taken",
    ),
    # The row as a whole
    "json_broken": Text(
        "Rinda nav JSON objekts ar tekstiem, skaitļiem un tekstu sarakstiem",
        "The line is no JSON object of texts, numbers and lists of texts",
    ),
    "cells_count": Text(
        "Šūnu skaits neatbilst virsrakstam", "The number of cells is not that of the header"
    ),
    "quotes_broken": Text(
        "Pēdiņas nav aizvērtas vai aiz tām ir lieks teksts",
        "A quotation mark is not closed or is followed by text",
    ),
    "not_utf8": Text("Teksts nav UTF-8", "The text is not UTF-8"),
    "control_character": Text("Tekstā ir vadības zīme", "The text contains a control character"),
    "row_length": Text(
        "Rinda ir garāka par 16 000 zīmēm", "The row is longer than 16,000 characters"
    ),
    "repeated": Text(
        "Tas pats jau ir minēts agrākā rindā", "The same was named on an earlier line"
    ),
    # One cell
    "required": Text("Vērtība ir obligāta", "A value is required"),
    "text_length": Text("Teksts ir garāks par 200 zīmēm", "The text is longer than 200 characters"),
    "ref_form": Text(
        "Atsaucē drīkst būt burti bez diakritiskajām zīmēm, cipari un . _ : / - (līdz 64 zīmēm)",
        "A reference is made of unaccented letters, digits and . _ : / - (at most 64)",
    ),
    "code_form": Text(
        "Nav personas koda forma (DDMMGG-NNNNN vai 3[2-9] un deviņi cipari)",
        "Not the form of a personal code (DDMMYY-NNNNN, or 3[2-9] and nine digits)",
    ),
    "date_form": Text("Nav diena GGGG-MM-DD", "Not a day YYYY-MM-DD"),
    "date_future": Text(
        "Diena ir pēc datu sagatavošanas dienas", "The day is after the day the feed was produced"
    ),
    "date_ancient": Text("Diena ir pirms 1880. gada", "The day is before 1880"),
    "language_form": Text(
        "Nav divu burtu valodas kods (ISO 639-1)", "Not a two-letter language code (ISO 639-1)"
    ),
    "country_form": Text(
        "Nav divu burtu valsts kods (ISO 3166-1)", "Not a two-letter country code (ISO 3166-1)"
    ),
    "postcode_form": Text("Nav pasta indekss LV-NNNN", "Not a postcode LV-NNNN"),
    "topic_form": Text("Nav temata nosaukums", "Not the name of a topic"),
    "codes_count": Text("Vairāk nekā 32 kodi", "More than 32 codes"),
    "tags_form": Text(
        "Nav ar | atdalīti vārdi no mazajiem burtiem, cipariem, _ un -",
        "Not words of lower-case letters, digits, _ and -, separated by |",
    ),
    "not_listed": Text("Vērtība nav kolonnas sarakstā", "The value is not in the column's list"),
    "number_form": Text("Nav decimālskaitlis", "Not a decimal number"),
    "outside_latvia": Text("Koordināta ir ārpus Latvijas", "The coordinate is outside Latvia"),
    "coordinate_alone": Text(
        "Vajadzīgs gan platums, gan garums", "Latitude and longitude are needed together"
    ),
    "email_form": Text("Nav e-pasta adrese", "Not an e-mail address"),
    "phone_form": Text(
        "Nav tālruņa numurs +371 un astoņi cipari", "Not a number +371 and eight digits"
    ),
    "phone_not_mobile": Text(
        "Īsziņas var saņemt tikai mobilie numuri (+3712...)",
        "Only mobile numbers take SMS (+3712...)",
    ),
    "guardian_is_child": Text(
        "Aizbildnis un bērns ir viena persona", "Guardian and child are the same person"
    ),
    "until_before_since": Text(
        "Beigu diena ir pirms sākuma dienas", "The last day is before the first"
    ),
    # Between files
    "address_unknown": Text("Tādas adreses nav addresses.csv", "addresses.csv has no such address"),
    "household_unknown": Text(
        "Tādas mājsaimniecības nav households.csv", "households.csv has no such household"
    ),
    "institution_unknown": Text(
        "Tādas iestādes nav institutions.csv", "institutions.csv has no such institution"
    ),
    "resident_unknown": Text(
        "Tāda iedzīvotāja nav residents.csv", "residents.csv has no such resident"
    ),
    "closings_skipped": Text(
        "Failā ir rindas, kuru atslēga nav nolasāma, tādēļ nekas trūkstošais nav slēgts",
        "Keys of some rows could not be read, so nothing that is missing was closed",
    ),
    "codes_of_two_people": Text(
        "Rindas personas kodi pieder diviem iedzīvotājiem",
        "The personal codes of the row belong to two residents",
    ),
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong in a feed: where, and the stable reason.

    `line` counts the file's lines from 1, the header being 1; a row with line breaks inside
    quotation marks has the number of its first line. `column` is empty when the whole row or file
    is meant. The value itself is not repeated: it may be personal data.
    """

    file: str
    line: int
    column: str
    code: str

    @property
    def reason(self) -> Text:
        """The reason for people."""
        return FAULTS[self.code]
