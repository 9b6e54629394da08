"""`make mutants`: small changes to the lines that protect recordings, and which of them no test notices.

- `table`: the modules, area by area
- `operators`: the changes that are made to a module, one at a time
- `contexts`: a plug-in of pytest that tells coverage which test runs
- `measure`: which tests run which lines, and how long each takes
- `answers`: what those who try mutants say, and where they leave things
- `worker`: a process that forks for each mutant, with what is slow to import already there
- `exchange`: a changed function in a process that has imported the old one
- `collected`: a pytest that has read the tests once, and forks for each mutant
- `processes`: a tree of its own for each worker, with a process of both kinds
- `trial`: mutants and their tests, side by side, within a time; what was found is kept
- `reasons`: what was said about a survivor, from reasons.toml
- `page`: docs/mutants.md
"""
