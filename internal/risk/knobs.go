package risk

import (
	"cmp"
	"slices"
)

// Knob is one number a user may change: threshold, allowance or weight.
type Knob struct {
	Name    string  // detector.what, for configuration files
	Unit    string  // "" for a plain number
	Default float64 //
	Min     float64 // smallest and largest value Set accepts
	Max     float64
	Doc     string // what it does, one sentence
	// Origin is where the default comes from: a source, or "assumption: why".
	Origin string
	field  func(*Config) *float64
}

// Knobs lists every knob by name.
func Knobs() []Knob {
	out := slices.Clone(knobs)
	slices.SortFunc(out, func(a, b Knob) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

const detectionRef = "reference, detection "

var knobs = slices.Concat(travelKnobs, attackKnobs, personKnobs, scoreKnobs)

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
		"familiar.window", "days", 90, 1, 3650, "days without use after which it no longer does",
		"Freeman et al. data older than six months adds little (" + detectionRef + "2.2); 90 is half of it", func(c *Config) *float64 { return &c.FamiliarWindowDays },
	},
	{
		"familiar.quarantine", "days", 30, 0, 3650, "days a network teaches nothing after an alert on it",
		"assumption: one month of repeating an attack must not make it a habit", func(c *Config) *float64 { return &c.FamiliarQuarantineDays },
	},
}

var attackKnobs = []Knob{
	{
		"spray.users", "people", 5, 2, 1e6, "people tried from one source before it can be a spray",
		"Elastic, Entra password spray rule", func(c *Config) *float64 { return &c.SprayUsers },
	},
	{
		"spray.tries", "tries", 15, 2, 1e6, "failed tries before it can be a spray",
		"Elastic, Entra password spray rule", func(c *Config) *float64 { return &c.SprayTries },
	},
	{
		"spray.per-user", "tries", 8, 1, 1e6, "mean tries per person above which it is brute force rather than spray",
		"Elastic, Entra password spray rule", func(c *Config) *float64 { return &c.SprayPerUser },
	},
	{
		"spray.spread", "share", 0.6, 0, 1, "share of the people who were tried two to six times",
		"Elastic, Entra password spray rule", func(c *Config) *float64 { return &c.SpraySpread },
	},
	{
		"spray.min-duration", "min", 5, 0, 1440, "shortest duration of such a spray",
		"Elastic, Entra password spray rule", func(c *Config) *float64 { return &c.SprayMinMinutes },
	},
	{
		"spray.many-users", "people", 15, 2, 1e6, "people tried from one source within an hour that make a spray at any number of tries each",
		"Elastic: 15 people, one error, 30 min; Splunk: 30 people from one address in 5 min", func(c *Config) *float64 { return &c.SprayManyUsers },
	},
	{
		"spray.fail-share", "share", 0.8, 0, 1, "share of refused tries among a source's sign-ins that day; an office full of typos stays far below",
		"assumption: sprays succeed in well under 1 in 100 tries, offices in most", func(c *Config) *float64 { return &c.SprayFailShare },
	},
	{
		"spray.after", "h", 24, 0, 720, "how long after an attack a success from its source is examined",
		"assumption: found passwords are tried the same day", func(c *Config) *float64 { return &c.SprayAfterHours },
	},
	{
		"source.tries", "tries", 50, 2, 1e6, "failed tries in an hour against few people that make a source hostile",
		"assumption: above the 20 in 10 min of one person's brute force, so that one stale password is not it", func(c *Config) *float64 { return &c.SourceTries },
	},
	{
		"hostile.days", "days", 14, 1, 365, "days a source stays suspect after an attack from it",
		detectionRef + "1.3: trailing 14 days, as for shared egress", func(c *Config) *float64 { return &c.HostileDays },
	},
	{
		"brute.tries", "tries", 20, 2, 1e6, "failed passwords of one person within brute.window",
		"splunk/security_content: 20 failures of 50126 in 10 min", func(c *Config) *float64 { return &c.BruteTries },
	},
	{
		"brute.window", "min", 10, 1, 1440, "window of brute.tries",
		"splunk/security_content", func(c *Config) *float64 { return &c.BruteMinutes },
	},
	{
		"brute.day-tries", "tries", 50, 2, 1e6, "failed passwords of one person within a UTC day",
		"assumption: five an hour through a working day and still growing", func(c *Config) *float64 { return &c.BruteDayTries },
	},
	{
		"brute.day-factor", "", 10, 1, 1e6, "and at least this many times the person's own daily mean",
		"assumption: one order of magnitude above own baseline", func(c *Config) *float64 { return &c.BruteDayFactor },
	},
	{
		"brute.follow", "min", 60, 0, 1440, "how long after a burst a success from a strange source counts against it",
		"assumption", func(c *Config) *float64 { return &c.BruteFollowMin },
	},
	{
		"fatigue.denials", "prompts", 5, 1, 1e4, "refused or unanswered prompts before an approval that make it suspect",
		"Elastic: 5 denials in 10 min before a success", func(c *Config) *float64 { return &c.FatigueDenials },
	},
	{
		"fatigue.window", "min", 10, 1, 1440, "window of both counts",
		"Elastic, Splunk: 10 min; Sentinel 5; Panther and Auth0 30", func(c *Config) *float64 { return &c.FatigueMinutes },
	},
	{
		"fatigue.alone", "prompts", 10, 1, 1e4, "refused or unanswered prompts that are an attack without an approval",
		"splunk/security_content: 10 denied in 10 min; Sentinel: more than 10 in 5 min", func(c *Config) *float64 { return &c.FatigueAlone },
	},
}

var personKnobs = []Knob{
	{
		"country.learn-days", "days", 14, 0, 365, "history a person needs before a country can be new to them",
		"Entra atypical travel: earlier of 14 days or 10 sign-ins", func(c *Config) *float64 { return &c.CountryLearnDays },
	},
	{
		"country.learn-signins", "sign-ins", 10, 1, 1e6, "or this many accepted sign-ins",
		"Entra atypical travel: earlier of 14 days or 10 sign-ins", func(c *Config) *float64 { return &c.CountryLearnSignIns },
	},
	{
		"legacy.days", "days", 7, 0, 365, "history without legacy clients before one is news",
		"Elastic: first legacy client of a user in 7 days", func(c *Config) *float64 { return &c.LegacyDays },
	},
	{
		"anonymiser.elsewhere", "h", 8, 0, 72, "how long after the person's own last sign-in on another network one from a rented address, with nothing of theirs, is high",
		"assumption: a working day; Sentinel and Elastic windows run from 10 min to a day (" + detectionRef + "1.1)", func(c *Config) *float64 { return &c.AnonymiserElsewhereHours },
	},
	{
		"replay.window", "h", 8, 1, 720, "how long after a session's last genuine use another client on another network counts against it",
		"assumption: a working day; Panther takes a day (" + detectionRef + "3), but after a night people have moved", func(c *Config) *float64 { return &c.ReplayHours },
	},
	{
		"devicecode.after-block", "min", 60, 0, 1440, "how soon after a policy blocked the person a device code sign-in from a new network is high",
		"assumption, after " + detectionRef + "3: strong when shortly after a block", func(c *Config) *float64 { return &c.DeviceCodeBlockMin },
	},
	{
		"attack.score", "", 0.5, 0, 1, "score from which a finding takes its rows out of friction as attack traffic",
		"more likely hostile than not", func(c *Config) *float64 { return &c.AttackScore },
	},
}
