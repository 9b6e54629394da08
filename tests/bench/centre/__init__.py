"""What a centre bears, for docs/bench-centre.md.

country       6,000 stations in a board's database, and what each says
knocking      requests at fixed times over lines of their own, and how long the answers took
boardload     a board under a country's statuses, and its pages meanwhile
rounds        statuses in rounds, and which was disturbed least
receiptspeed  receipts from S3 beside sha256sum
stationshare  what a status adds to a station's bytes
onemachine    one tusd and its store, from one station and from twenty at once
afternoonmodel  a country's afternoon as a discrete-event simulation
countrypage   the model's assumptions, table and picture
report        docs/bench-centre.md
"""
