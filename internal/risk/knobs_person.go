package risk

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
		"replay.service-people", "people", 5, 2, 16, "people whose tokens one kind of client at one operator renews from which it may be a service that acts for them",
		detectionRef + "1.3: 5 distinct users for shared egress", func(c *Config) *float64 { return &c.ServicePeople },
	},
	{
		"replay.service-days", "days", 14, 1, 365, "and for how long",
		detectionRef + "1.3: trailing 14 days, as for shared egress; a campaign against many people is found before that", func(c *Config) *float64 { return &c.ServiceDays },
	},
	{
		"devicecode.after-block", "min", 60, 0, 1440, "how soon after a policy blocked the person a device code sign-in from a new network is high",
		"assumption, after " + detectionRef + "3: strong when shortly after a block", func(c *Config) *float64 { return &c.DeviceCodeBlockMin },
	},
	{
		"attack.score", "", 0.5, 0, 1, "score from which a finding takes its rows out of friction as attack traffic",
		"more likely hostile than not", func(c *Config) *float64 { return &c.AttackScore },
	},
	{
		"country.common", "people", 5, 1, 1e6, "people seen in a country on earlier days from which a first visit there is only noted",
		"assumption: where several colleagues go, one more is expected; Sentinel's Teleportation hunt leaves out countries common in the tenant", func(c *Config) *float64 { return &c.CountryCommon },
	},
	{
		"brute.steady", "h", 6, 1, 720, "how long one client at one address must go on asking, at even intervals, to be taken for a program with an old password",
		"assumption: longer than a lockout and than most guessing, shorter than a working day", func(c *Config) *float64 { return &c.BruteSteadyHours },
	},
	{
		"fatigue.slow", "prompts", 10, 2, 1e4, "refused or unanswered prompts for sign-ins with nothing of the person's, within fatigue.slow-days, that are an attack however far apart",
		"as fatigue.alone, over days: the count is what tells, nobody refuses their own prompts that often", func(c *Config) *float64 { return &c.FatigueSlow },
	},
	{
		"fatigue.slow-days", "days", 7, 1, 90, "window of fatigue.slow",
		"assumption: a week", func(c *Config) *float64 { return &c.FatigueSlowDays },
	},
	{
		"dormant.days", "days", 45, 1, 3650, "days without any sign-in after which an account is dormant, at least",
		detectionRef + "3: success after > max(45 d, 3x own longest gap)", func(c *Config) *float64 { return &c.DormantDays },
	},
	{
		"dormant.factor", "", 3, 1, 100, "and at least this many times the person's own longest gap before",
		detectionRef + "3", func(c *Config) *float64 { return &c.DormantFactor },
	},
	{
		"aitm.window", "h", 24, 1, 720, "how long after a session began on a rented address its use from a third network counts against it",
		"Panther: a session's address and client compared within a day (" + detectionRef + "3)", func(c *Config) *float64 { return &c.AiTMHours },
	},
	{
		"consent.follow", "min", 15, 1, 1440, "how soon after the question a sign-in to the same app means that the person consented",
		"assumption: the question is one screen of the same sign-in", func(c *Config) *float64 { return &c.ConsentFollowMin },
	},
	{
		"consent.new-app", "days", 7, 0, 365, "how long after the first sign-in of anybody an app counts as new to the organisation",
		"assumption: a phishing app lives days", func(c *Config) *float64 { return &c.ConsentNewAppDays },
	},
	{
		"newdevice.repeat", "days", 14, 1, 365, "sign-ins on the same new device or network within so many days of the one before belong to one finding",
		"Entra atypical travel: 14 days to learn what is usual", func(c *Config) *float64 { return &c.NewDeviceRepeatDays },
	},
	{
		"evidence.usual-days", "days", 30, 1, 365, "days before a finding from which its evidence says what is usual for the person",
		"Defender for Cloud Apps: baseline over the past month", func(c *Config) *float64 { return &c.UsualDays },
	},
	{
		"evidence.after", "h", 24, 0, 720, "hours after a finding within which its evidence says what happened next",
		"as spray.after: what is won is used the same day", func(c *Config) *float64 { return &c.AfterHours },
	},
	{
		"score.dormant", "bits", 3, 0, 40, "sign-in to a dormant account with nothing of the person's",
		"assumption: somebody back from leave mostly brings a device of theirs", func(c *Config) *float64 { return &c.BitsDormant },
	},
	{
		"score.aitm", "bits", 9, 0, 40, "session begun on a rented address and used from a third network, or a second factor given to a program",
		"assumption: as score.replay", func(c *Config) *float64 { return &c.BitsAiTM },
	},
	{
		"score.reported", "bits", 13, 0, 40, "the person reported the prompt as fraud",
		"assumption: the strongest statement a person can make; some press the wrong button", func(c *Config) *float64 { return &c.BitsReported },
	},
	{
		"score.consent", "bits", 3, 0, 40, "consent to an app new to the organisation, from a network with nothing of the person's",
		"assumption: such apps are mostly honest", func(c *Config) *float64 { return &c.BitsConsent },
	},
}
