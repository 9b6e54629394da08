"""Pages and tables of what happened.

account        the afternoon, from what is on the disk
own_incidents  what the station itself saw happen
sheet          fills templates
selftest_page  the self-test for the inspector
account_page   the account for a terminal, and to be signed
"""
