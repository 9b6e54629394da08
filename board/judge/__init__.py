"""What the words of a station mean for who watches it. Pure.

duties    a reason -> what it is, who must act, what to do
seen      what is known of a station, and what can be said of it
standing  a station's state, and everything about it that is not as it should be
wordings  stages and sorts of incidents in words
balance   counts that must agree, and what keeps them from it
districtforms  forms summed over schools
district  all stations of a district in the order in which they need somebody
"""
