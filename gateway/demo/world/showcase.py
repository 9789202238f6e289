"""The cases every demo shows, at the same index whatever the seed. Only the people differ."""

from gateway.demo.world.profile import HomeProfile, MoneyProfile, NoticeProfile, Profile, WaterProfile

_PREVIOUS_MONTH = frozenset({1})

SHOWCASE: tuple[Profile, ...] = (
    Profile("plain"),
    Profile("dwelling-and-garage", home=HomeProfile(garage=True)),
    Profile("joint-holders", home=HomeProfile(typology="T4", persons=4, joint=True, separated=True)),
    Profile("in-credit", money=MoneyProfile(method="VIR", credit_cents=35_20)),
    Profile(
        "overdue-reissued-notice",
        money=MoneyProfile(method="CHQ", arrears_months=2.4),
        notices=NoticeProfile(reissued=_PREVIOUS_MONTH),
    ),
    Profile("meter-replaced", water=WaterProfile(story="REPLACED")),
    Profile("works-late-entry", home=HomeProfile(works="LATE_ENTRY")),
    Profile("missing-pdf", notices=NoticeProfile(pdf={0: "MISSING"})),
    Profile("ended-lease", home=HomeProfile(stage="ENDED")),
    Profile("unexplained-difference", money=MoneyProfile(stored_difference_cents=3_70)),
    Profile("corrupt-pdf", notices=NoticeProfile(pdf={0: "CORRUPT"})),
    Profile("unusable-phone", home=HomeProfile(unusable_phones=("06.39.98.12.34 (fils)", "SANS"))),
    Profile("index-back", water=WaterProfile(story="WENT_BACK")),
    Profile("estimated-readings", water=WaterProfile(story="ESTIMATED", story_months_ago=3)),
    Profile("two-in-one-name", home=HomeProfile(joint=True, shared_name=True)),
    Profile("unreadable-amount", money=MoneyProfile(method="CB")),
    Profile("unknown-codes", home=HomeProfile(unknown_codes=True)),
    Profile("sentinel-dates", home=HomeProfile(sentinel_dates=True)),
    Profile("disputed", money=MoneyProfile(method="CHQ", arrears_months=5.5, disputed=True, legal_fees=True)),
    Profile("housing-benefit-correction", money=MoneyProfile(benefit_corrected=0)),
    Profile("hot-water", water=WaterProfile(hot=True, billed=True)),
    Profile("meter-rollover", water=WaterProfile(story="ROLLED_OVER")),
    Profile("returned-payment", money=MoneyProfile(returned=1)),
    Profile("late-pdf", notices=NoticeProfile(pdf={0: "LATE"})),
    Profile("notice-given", home=HomeProfile(stage="NOTICE_GIVEN")),
)
