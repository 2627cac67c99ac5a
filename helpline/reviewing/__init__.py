"""Looking back at levels: where a person saw more than the rules did."""
