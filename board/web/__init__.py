"""Pages, log-in, and the door for what stations say.

intake       a status comes in, words go out
together     what comes one by one, done together
guard        who asks, whether he may, and that it was his own page that asked
login        log in and out
formpages    the district's forms, as pages and as Excel
formbook     a form as a sheet of Excel
rowwriter    lines of the list as parts of a page
upkeep       what is done now and then, while nobody waits
widelist     the list of very many stations, made once for all who look
pages        the board, a station, what the technician writes
phrases      templates in the language of who reads
application  routes and headers
"""
