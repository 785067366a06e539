"""Estimates how much fuel a sailing needs."""

LITRES_PER_MILE = {"MF Skarven": 11.5, "MF Terna": 14.2, "MF Alka": 9.8}
RESERVE = 0.25


def headwind_factor(wind_speed: float) -> float:
    """Each metre per second of headwind above five costs two percent more fuel."""
    return 1.0 + 0.02 * max(0.0, wind_speed - 5.0)


class FuelPlan:
    """The fuel for one sailing of one ship, with the reserve that the company demands."""

    def __init__(self, ship: str, miles: float) -> None:
        self.ship = ship
        self.miles = miles

    def litres(self, wind_speed: float = 0.0) -> float:
        """Litres to load before leaving, rounded up to the next ten."""
        needed = LITRES_PER_MILE[self.ship] * self.miles * headwind_factor(wind_speed)
        with_reserve = needed * (1.0 + RESERVE)
        return -(-with_reserve // 10) * 10
