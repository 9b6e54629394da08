"""The whole afternoon without a school: receiver, sample material, headset, singers, proctor.

synth         a singing voice from harmonics
wavwrite      small WAVs
singer        sings the items with a voice per pupil
samples       makes the sounds of the sample kit
voices        lets them be heard at the right moment
demo_headset  real, virtual card or built in: the best that is there
receiver      a tus server on loopback, inside this process
proctor       presses the keys of a person
afternoon     all of it, in order
schools       simulated schools for the district's board
narrator      what is told meanwhile, and the table at the end
"""
