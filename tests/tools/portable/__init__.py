"""A folder with a Python of its own that runs without installation, made from locked inputs.

artifacts     Python itself, from Maven, by SHA-256
wheelhouse    the wheels of requirements.lock for another system, by their hashes
folder        lays both out: interpreter, standard library, site-packages
forwarding    the DLL `python3.dll` that Maven's Windows Python lacks; DLLs with code, made with mingw
pe            the format of DLLs
"""
