package risk

var travelKnobs = []Knob{
	{
		"travel.speed", "km/h", 1000, 100, 10000, "speed nobody travels faster than, door to door",
		"Datadog's impossible-travel rule (1,000 km/h); thresholds in the wild run from 250 to 1,234", func(c *Config) *float64 { return &c.TravelSpeedKmh },
	},
	{
		"travel.boarding", "min", 45, 0, 600, "time a flight takes before it moves",
		detectionRef + "1.4, proposal: nobody boards in zero time", func(c *Config) *float64 { return &c.TravelBoardingMin },
	},
	{
		"travel.boarding-distance", "km", 300, 0, 20100, "distance beyond which the boarding time is added",
		detectionRef + "1.4, proposal", func(c *Config) *float64 { return &c.TravelBoardingKm },
	},
	{
		"travel.min-distance", "km", 100, 0, 20100, "lower-bound distances below this are never reported",
		"BuffaLogs (100 km)", func(c *Config) *float64 { return &c.TravelMinKm },
	},
	{
		"travel.skew", "s", 60, 0, 86400, "clock error allowed between two rows of one provider",
		detectionRef + "1.4, proposal", func(c *Config) *float64 { return &c.TravelSkewSec },
	},
	{
		"travel.cross-skew", "s", 300, 0, 86400, "clock error allowed between rows of two providers",
		detectionRef + "1.4, proposal", func(c *Config) *float64 { return &c.TravelCrossSkewSec },
	},
	{
		"travel.resolution", "s", 1, 0, 3600, "granularity of a log's timestamps",
		"Entra exports carry whole seconds or finer", func(c *Config) *float64 { return &c.TravelResolutionSec },
	},
	{
		"travel.city-radius", "km", 50, 0, 20100, "67 % radius of a city-level position that states none",
		detectionRef + "1.4; Fingerprint rates under 50 miles as business or residential", func(c *Config) *float64 { return &c.TravelCityKm },
	},
	{
		"travel.region-radius", "km", 250, 0, 20100, "67 % radius of a region-level position that states none",
		detectionRef + "1.4", func(c *Config) *float64 { return &c.TravelRegionKm },
	},
	{
		"travel.confidence", "", 1.64, 1, 5, "factor from the 67 % radius to the one used as bound",
		"2-D Gaussian: r95 = 2.45 sigma, r67 = 1.49 sigma; MaxMind states its radius as 67 %", func(c *Config) *float64 { return &c.TravelConfidence },
	},
	{
		"travel.incident", "h", 24, 0, 720, "alerts for one place within this time are one finding",
		detectionRef + "1.4, window of step 5", func(c *Config) *float64 { return &c.TravelIncidentHours },
	},
	{
		"travel.score", "", 0.6, 0, 1, "certainty of a travel finding when no device is named",
		detectionRef + "1.5: precision 0.61 of lower bound plus device on a hostile synthetic set", func(c *Config) *float64 { return &c.TravelScore },
	},
	{
		"travel.score-new-device", "", 0.75, 0, 1, "the same when the blamed row names a device new to the person",
		"assumption: between 0.61 and the 0.85 reached with learning", func(c *Config) *float64 { return &c.TravelScoreNewDevice },
	},
	{
		"travel.score-own-device", "", 0.2, 0, 1, "the same when the blamed row names the person's own device",
		"assumption: a device cannot teleport, so its network is probably not where the database says", func(c *Config) *float64 { return &c.TravelScoreOwnDevice },
	},
	{
		"travel.score-same-device", "", 0.4, 0, 1, "the same when both ends name one device that is still new",
		"assumption: a device cannot be in two places, but one behind changing proxies seems to be", func(c *Config) *float64 { return &c.TravelScoreSameDevice },
	},
	{
		"familiar.days", "days", 2, 1, 30, "separate days after which a device or network counts as the person's own",
		detectionRef + "1.4, step 6c", func(c *Config) *float64 { return &c.FamiliarDays },
	},
	{
		"familiar.window", "days", 90, 1, 3650, "days that the least habit (familiar.days days of use) lasts without further use; one of twice as many days lasts a half-life longer",
		"Freeman et al. data older than six months adds little (" + detectionRef + "2.2); 90 is half of it", func(c *Config) *float64 { return &c.FamiliarWindowDays },
	},
	{
		"familiar.half-life", "days", 30, 1, 3650, "days after which a day's use counts half",
		detectionRef + "1.4, step 6c", func(c *Config) *float64 { return &c.FamiliarHalfLifeDays },
	},
	{
		"familiar.quarantine", "days", 30, 0, 3650, "days a network teaches nothing after an alert on it",
		"assumption: one month of repeating an attack must not make it a habit", func(c *Config) *float64 { return &c.FamiliarQuarantineDays },
	},
	{
		"egress.people", "people", 5, 2, 10000, "distinct people on one network (/24 or /48) in egress.days days that make it a shared egress",
		detectionRef + "1.4, step 6b", func(c *Config) *float64 { return &c.EgressPeople },
	},
	{
		"egress.few", "people", 3, 2, 10000, "distinct people, each on two days, on an operator that is enough where the person's own history vouches for it too",
		"assumption: as many as a jump must be seen of before it counts (three); in a small office few share a carrier", func(c *Config) *float64 { return &c.EgressFew },
	},
	{
		"egress.days", "days", 14, 1, 365, "days that a use of a network counts towards egress.people",
		detectionRef + "1.4, step 6b", func(c *Config) *float64 { return &c.EgressDays },
	},
	{
		"egress.many", "people", 15, 2, 100000, "distinct people, each on two days, on a network that even a first visitor without a device id may be on",
		"assumption: three times egress.people; who robs so many people from one place, each on two days, is found by other means", func(c *Config) *float64 { return &c.EgressMany },
	},
	{
		"teleport.transitions", "", 8, 2, 1000, "pairs of sign-ins of known devices inside one operator and address family before it is judged whether that locates",
		detectionRef + "1.4, step 6a", func(c *Config) *float64 { return &c.TeleportLeast },
	},
	{
		"teleport.share", "", 0.08, 0.01, 1, "share of those pairs that no journey explains, from which the operator does not locate",
		detectionRef + "1.4, step 6a", func(c *Config) *float64 { return &c.TeleportShare },
	},
	{
		"teleport.jumps", "", 3, 1, 1000, "and at least this many of them",
		"assumption: one stolen session must not blind a whole operator", func(c *Config) *float64 { return &c.TeleportJumps },
	},
}
