"""What callers said of us afterwards: counted by week, and never kept with anything that leads to who said it."""
