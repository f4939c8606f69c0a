"""Everything that changes something: the doors through which cases, SOPs and organisations are acted upon."""
