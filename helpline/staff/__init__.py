"""Who answers and who watches: accounts, roles, skills, devices, activity, tokens."""
