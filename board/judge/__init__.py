"""What the words of a station mean for who watches it. Pure.

duties    a reason -> what it is, who must act, what to do
seen      what is known of a station, and what can be said of it
stretch   how long a judgement stays true
standing  a station's state, and everything about it that is not as it should be
wordings  stages and sorts of incidents in words
balance   counts that must agree, and what keeps them from it
districtforms  forms summed over schools
district  all stations of a district in the order in which they need somebody
listline  a station as a line of the list, and its part of the sums
keptrows  the lines of a whole country, of which those are judged again that may have changed
"""
