package risk

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
	{
		"spray.slow-days", "days", 7, 1, 60, "span over which a slow spray is looked for: spray.many-users people at any pace",
		"assumption: a week; rules with an hour or a day are what slow sprays are paced to pass", func(c *Config) *float64 { return &c.SpraySlowDays },
	},
	{
		"spray.slow-share", "share", 0.9, 0, 1, "share of refused tries among a slow spray's sign-ins on the days it spans",
		"assumption: stricter than spray.fail-share, since a week gathers more typos than an hour", func(c *Config) *float64 { return &c.SpraySlowShare },
	},
	{
		"spray.insiders", "share", 0.5, 0, 1, "share of the people tried who also got in from the same network, before or within the day; from there on it is an office, not an attack",
		"assumption: after a password change nearly everybody at a desk gets in in the end, of a spray's targets hardly anybody does", func(c *Config) *float64 { return &c.SprayInsiders },
	},
	{
		"spray.wide-addresses", "addresses", 5, 2, 1e6, "addresses nobody ever got in from that one operator or one user agent must use before they are one attack",
		"assumption: as spray.users; fewer are found address by address", func(c *Config) *float64 { return &c.WideAddresses },
	},
	{
		"stuffing.unknown-share", "share", 0.2, 0, 1, "share of accounts that do not exist, among those tried, that makes a broad attack credential stuffing",
		"assumption: leaked lists name people who left or never were; a spray of one's own directory hits few of those", func(c *Config) *float64 { return &c.StuffingShare },
	},
	{
		"stuffing.per-user", "tries", 2, 1, 100, "mean tries per account above which it is a spray again: a list holds one or two passwords each",
		"assumption, after OWASP's description of credential stuffing (one leaked pair per account)", func(c *Config) *float64 { return &c.StuffingPerUser },
	},
	{
		"enumeration.unknown-share", "share", 0.7, 0, 1, "share of accounts that do not exist, among those tried, that makes it guessing of names",
		"assumption: above any leaver share of a leaked list", func(c *Config) *float64 { return &c.EnumerateShare },
	},
	{
		"enumeration.accounts", "accounts", 10, 2, 1e6, "accounts that do not exist, tried from one source within a day, before it is guessing of names",
		"assumption: people mistype their own name, hardly ten different ones a day behind one address that lets nobody in", func(c *Config) *float64 { return &c.EnumerateAccounts },
	},
	{
		"shared.people", "people", 3, 2, 1e6, "people whose sign-ins name one device before it is suspect",
		detectionRef + "3: Entra's suspicious browser; one device id, 3 people or more", func(c *Config) *float64 { return &c.SharedPeople },
	},
	{
		"shared.countries", "countries", 2, 1, 100, "and countries it signed them in from",
		detectionRef + "3: 2 countries or more", func(c *Config) *float64 { return &c.SharedCountries },
	},
	{
		"shared.window", "days", 30, 1, 365, "within so many days",
		"assumption: a month; devices are handed on when people leave, which takes longer", func(c *Config) *float64 { return &c.SharedDays },
	},
	{
		"incident.span", "h", 24, 1, 720, "findings of one person, or with one attacker's address, network, agent, session or device, within so long of each other are one incident",
		"as travel.incident (" + detectionRef + "1.4, step 5); Sentinel's Fusion and Defender group alerts of an entity within hours to a day", func(c *Config) *float64 { return &c.IncidentSpanHours },
	},
	{
		"incident.purity", "share", 0.5, 0, 1, "share of the accepted sign-ins from an address, network or user agent that findings must hold before it joins findings of different people",
		"assumption: more findings than honest use; an office's address is far below", func(c *Config) *float64 { return &c.IncidentPurity },
	},
	{
		"score.shared-device", "bits", 4, 0, 20, "device that by the day before had signed in several people from several countries",
		"assumption: as score.new-country; unmanaged shared machines exist", func(c *Config) *float64 { return &c.BitsSharedDevice },
	},
}
