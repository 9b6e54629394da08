"""The whole afternoon without a school: receiver, sample material, headset, singers, proctor.

receiver  a tus server on loopback, inside this process
headset   real, virtual card or built in: the best that is there
singer    sings the items with a voice per pupil
proctor   presses the keys in `--auto`
"""
