"""Everything that touches sound. Imports only config; only portaudio.py imports sounddevice.

events, codec          what station and capture process say to each other
client                 the station's end; __main__, child: the capture process
source, player         the seam to the hardware; portaudio and virtual are behind it
recorder, takefile, sidecar, loss   from blocks to a proven file; recover: what a crash left
levels, delay, drift          measurements on blocks
wavread, measures, spectrum, voice, flaws, stuck, alignment, calibration   measurements on files
verdict, headset, reasons           what they mean, and what to do
devices, pairing, faults, errors    names and sentences
card                   a virtual headset for machines without a sound card
"""
