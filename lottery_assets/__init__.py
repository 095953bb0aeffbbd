"""Which jackpot to announce, week by week and country by country."""
