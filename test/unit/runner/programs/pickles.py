import copy
import pickle
from dataclasses import dataclass
from enum import Enum


@dataclass
class Point:
    x: int
    y: int = 2


class Colour(Enum):
    RED = 1


def double(value):
    return 2 * value


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    for value in (Point(1), Colour.RED, double, Point):
        data = pickle.dumps(value, protocol)
        print(protocol, data, pickle.loads(data) == value)
print(copy.deepcopy(Point(3)), Point.__module__, Point.__qualname__)
