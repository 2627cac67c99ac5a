"""The signals a flow may note. The risk rules weigh them by these very names, so the set is closed."""

SIGNALS = frozenset(
    {
        "danger_key",
        "cannot_talk",
        "silent_line",
        "wrong_keys",
        "asked_for_person",
        "about_violence",
        "about_self_harm",
        "about_runaway",
        "about_other",
        "caller_child",
        "caller_other_child",
        "caller_adult",
        "age_up_to_9",
        "age_10_12",
        "age_13_15",
        "age_16_17",
        "closed_hours",
    }
)
