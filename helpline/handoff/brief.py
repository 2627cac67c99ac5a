"""What a desk is told before it takes the call: coded facts that say how urgent it is, and nothing that says who."""

from helpline.contacts.models import Contact

AGES = ("age_up_to_9", "age_10_12", "age_13_15", "age_16_17")
SUBJECTS = ("about_violence", "about_self_harm", "about_runaway")
SILENT = ("cannot_talk", "silent_line")
SPOKEN_LANGUAGES = ("ar", "en")


def write_brief(contact: Contact) -> dict:
    """The facts, fixed when the hand-off begins. All are chosen from closed lists."""
    noted = {signal["name"] for signal in contact.signals}
    return {
        "level": contact.level,
        "age": next((age for age in AGES if age in noted), None),
        "subject": next((subject for subject in SUBJECTS if subject in noted), None),
        "can_talk": noted.isdisjoint(SILENT),
        "language": contact.language,
    }


def brief_prompts(brief: dict) -> list[str]:
    """The sentences that tell these facts, in order."""
    language = brief["language"] if brief["language"] in SPOKEN_LANGUAGES else "other"
    keys = ["desk.brief_intro", "desk.level.critical" if brief["level"] == "critical" else "desk.level.urgent"]
    keys.append(f"desk.age.{brief['age'].removeprefix('age_')}" if brief["age"] else "desk.age.unknown")
    if brief["subject"]:
        keys.append(f"desk.about.{brief['subject'].removeprefix('about_')}")
    if not brief["can_talk"]:
        keys.append("desk.cannot_talk")
    return [*keys, f"desk.language.{language}", "desk.have_ready"]
