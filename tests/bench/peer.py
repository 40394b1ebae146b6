"""The greedy study as a plain program with pandas and numpy: what bench_study holds loadscope's speed against.

usage: peer.py READINGS.csv SCENARIO.ini

Reads the readings by pandas, makes floors by groupby, goes through city-days and customers in Python, and looks
at all pairs of slots of a customer at once by numpy. The scenario is a resolved one, as a run writes it, with its
limits on. Prints totals as JSON.
"""
import configparser
import json
import sys

import numpy as np
import pandas as pd

LEAST_KWH = 1e-9
LEAST_GAIN = 1e-12


class Limits:
    """What the scenario says."""

    def __init__(self, path):
        ini = configparser.ConfigParser()
        ini.optionxform = str
        ini.read(path)
        self.slot_minutes = ini.getint("behaviour", "slot_minutes")
        self.moves_per_day = ini.getint("behaviour", "moves_per_day")
        self.moves_per_week = ini.getint("behaviour", "moves_per_week")
        self.window = int(ini.getfloat("behaviour", "shift_window_hours") * 60 / self.slot_minutes)
        self.peak = ini.getfloat("peak", "reduction_limit_percent") / 100
        self.budget = ini.getfloat("regional", "load_shift_percent_limit") / 100
        self.quantile = ini.getfloat("household_minimum", "robust_max_percentile") / 100
        self.keep = ini.getfloat("household_minimum", "R_percent") / 100
        self.epsilon = ini.getfloat("household_minimum", "epsilon_floor_kwh")
        self.alpha = ini.getfloat("spike", "alpha_percent") / 100
        self.peak_hours = {
            (section.partition(".")[2], day): self.hours(text)
            for section in ini.sections() if section.startswith("peak_hours.")
            for day, text in ini.items(section)
        }

    @staticmethod
    def hours(text):
        found = set()
        for part in text.replace(",", " ").split():
            first, _, last = part.partition("-")
            found.update(range(int(first), int(last or first) + 1))
        return found


def read(path, limits):
    """Readings with their local day and slot, and what stands above the floor."""
    data = pd.read_csv(path, dtype={"ca_id": str})
    data = data.rename(columns={"marginal_emissions_factor_grams_co2_per_kWh": "mef",
                                "average_emissions_factor_grams_co2_per_kWh": "aef"})
    time = pd.to_datetime(data["date"])
    data["day"] = time.dt.normalize()
    data["hour"] = time.dt.hour
    data["slot"] = (time.dt.hour * 60 + time.dt.minute) // limits.slot_minutes
    like = [data["city"], data["ca_id"], time.dt.year, time.dt.day_of_week, data["hour"]]
    groups = data["value"].groupby(like)
    base = groups.transform("mean")
    most = groups.quantile(limits.quantile, interpolation="nearest").rename("most")
    keys = pd.MultiIndex.from_arrays(like)
    floor = np.maximum(np.maximum(base, limits.keep * most.reindex(keys).to_numpy()), limits.epsilon)
    data["avail"] = (data["value"] - np.minimum(floor, data["value"])).fillna(0)
    return data


class Day:
    """A city-day, and what its customers share."""

    def __init__(self, data, limits, city, budget_kwh):
        # Ids ascend before the stable sort by use, so ties go to the lower id.
        usage = data.pivot(index="ca_id", columns="slot", values="value")
        usage = usage[usage.notna().any(axis=1)]
        usage = usage.loc[usage.sum(axis=1).sort_values(ascending=False, kind="stable").index]
        avail = data.pivot(index="ca_id", columns="slot", values="avail").loc[usage.index]
        self.ids = usage.index
        self.usage = usage.to_numpy()
        self.avail = np.nan_to_num(avail.to_numpy())
        factors = data.groupby("slot")[["mef", "aef"]].first()
        self.mef, self.aef = factors["mef"].to_numpy(), factors["aef"].to_numpy()
        slots = usage.columns.to_numpy()
        hour = slots * limits.slot_minutes // 60
        weekday = data["day"].iloc[0].strftime("%a")
        peaks = limits.peak_hours.get((city, weekday), set())
        self.peak_slots = [np.flatnonzero(hour == h) for h in sorted(peaks) if (hour == h).any()]
        self.room = limits.alpha * np.nansum(self.usage, axis=0)
        self.budget_kwh = budget_kwh
        self.gain = self.mef[:, None] - self.mef[None, :]
        self.reach = (np.abs(slots[:, None] - slots[None, :]) <= limits.window) & (self.gain > LEAST_GAIN)

    def serve(self, customer, moves, limits):
        """Up to `moves` times the pair that saves most. Returns moves and grams, marginal and average."""
        usage, avail = self.usage[customer], self.avail[customer].copy()
        allowed = self.reach & ~np.isnan(usage)[None, :]
        peak = np.full(len(usage), np.inf)
        for slots in self.peak_slots:
            peak[slots] = limits.peak * np.nansum(usage[slots])
        made, marg_g, avg_g = 0, 0.0, 0.0
        while made < moves:
            most = np.minimum(np.minimum(avail, peak), self.budget_kwh)
            kwh = np.minimum(most[:, None], self.room[None, :])
            saved = np.where(allowed & (kwh > LEAST_KWH), self.gain * kwh, 0)
            source, destination = np.unravel_index(np.argmax(saved), saved.shape)
            if saved[source, destination] <= 0:
                break
            moved = kwh[source, destination]
            self.room[destination] -= moved
            self.room[source] += moved
            self.budget_kwh -= moved
            for slots in self.peak_slots:
                if source in slots:
                    peak[slots] -= moved
            avail[source] = 0
            made += 1
            marg_g += saved[source, destination]
            avg_g += (self.aef[source] - self.aef[destination]) * moved
        return made, marg_g, avg_g


def main():
    limits = Limits(sys.argv[2])
    totals = {"customer_days": 0, "saved_marg_g": 0.0, "saved_avg_g": 0.0}
    for city, of_city in read(sys.argv[1], limits).groupby("city"):
        known = of_city.dropna(subset=["value"])
        budget_kwh = limits.budget * known["value"].sum() / known["day"].nunique()
        used, week = {}, None
        for date, of_day in of_city.groupby("day"):
            if date.isocalendar()[:2] != week:
                used, week = {}, date.isocalendar()[:2]
            day = Day(of_day, limits, city, budget_kwh)
            for customer, name in enumerate(day.ids):
                left = limits.moves_per_week - used.get(name, 0)
                made, marg_g, avg_g = day.serve(customer, min(limits.moves_per_day, left), limits)
                used[name] = used.get(name, 0) + made
                totals["customer_days"] += 1
                totals["saved_marg_g"] += marg_g
                totals["saved_avg_g"] += avg_g
    print(json.dumps(totals))


if __name__ == "__main__":
    main()
