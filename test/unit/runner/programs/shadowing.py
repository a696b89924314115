import json
import random

print(random.VALUE, json.VALUE, random.__file__, json.__file__)
raise random.Mine("error of a shadowing module")
