"""The forms of the afternoon, ready to be signed: the same tables as HTML pages and as one Excel file.

form        a form as a value: facts, tables, who signs
basis       what forms are made of, read from the disk
parts       pupils and places in words
signed      who opened, closed, sealed and cleared
preparing   the checklist of the day before
lists       check-in and posting list
sung        the record of who sang what
happened    the report of incidents
arrived     what was delivered, and what was removed after it
handover    what is handed over, with the seal code
titles      all eight, in their order
formpage    a form as an HTML page
book        all of them as an Excel file
writing     into a folder, with progress
"""
