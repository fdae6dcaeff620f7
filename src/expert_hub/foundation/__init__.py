"""What every module stands on: settings, database, clock, chance, errors, rule packs, codes."""
