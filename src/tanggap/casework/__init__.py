"""What may happen to a complaint: commands are decided into events, events fold into a case. Pure."""
