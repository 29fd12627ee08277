package risk

var scoreKnobs = []Knob{
	{
		"score.prior", "bits", -15, -40, 0, "log2 odds that a sign-in is hostile before any evidence",
		"0.5 % of accounts compromised a month (Weinert, RSA Conference 2020) over an assumed 150 sign-ins a month gives 1 in 30,000; " +
			"141 takeovers in 31.3 M logins (Wiefling et al. 2022) would give -17.8", func(c *Config) *float64 { return &c.PriorBits },
	},
	{
		"score.max-evidence", "bits", 20, 0, 60, "cap on the sum of evidence, either way",
		"assumption: evidence is not independent; beyond 20 bits a sum is false precision", func(c *Config) *float64 { return &c.MaxBits },
	},
	{
		"score.travel", "bits", 8, 0, 30, "impossible travel blamed on this row",
		detectionRef + "1.5: precision 0.614 at a base rate of 0.56 % is a likelihood ratio of 284, 8.2 bits", func(c *Config) *float64 { return &c.BitsTravel },
	},
	{
		"score.new-country", "bits", 4, 0, 30, "first sign-in from a country",
		"assumption: travel to a new country is 1 sign-in in hundreds for staff, common for attackers", func(c *Config) *float64 { return &c.BitsCountry },
	},
	{
		"score.tor", "bits", 9, 0, 30, "address on a Tor list",
		"assumption: staff almost never use it", func(c *Config) *float64 { return &c.BitsTor },
	},
	{
		"score.vpn", "bits", 4, 0, 30, "address on a VPN, proxy or relay list, device not the person's own",
		"assumption: some staff use commercial VPNs", func(c *Config) *float64 { return &c.BitsVPN },
	},
	{
		"score.datacenter", "bits", 3, 0, 30, "address on a hosting list, device not the person's own",
		"assumption: cheap-VPS sign-ins are suspicious (Elastic), cloud desktops are common", func(c *Config) *float64 { return &c.BitsDatacenter },
	},
	{
		"score.hostile-source", "bits", 10, 0, 30, "source attacked this organisation on an earlier day",
		"assumption: such a source is 1,000 times likelier to be hostile", func(c *Config) *float64 { return &c.BitsHostile },
	},
	{
		"score.brute", "bits", 8, 0, 30, "success from a strange source just after a burst of failures",
		"assumption", func(c *Config) *float64 { return &c.BitsBrute },
	},
	{
		"score.fatigue", "bits", 10, 0, 30, "approval after a series of refused prompts",
		"assumption; Microsoft: about 1 % approve the first unexpected push", func(c *Config) *float64 { return &c.BitsFatigue },
	},
	{
		"score.legacy", "bits", 2, 0, 30, "first use of a legacy client",
		"assumption: sprays favour protocols without a second factor", func(c *Config) *float64 { return &c.BitsLegacy },
	},
	{
		"score.legacy-foreign", "bits", 7, 0, 30, "the same from a country or rented network new to the person, with nothing of theirs",
		"assumption: password attacks favour such clients, staff abroad hardly do", func(c *Config) *float64 { return &c.BitsLegacyForeign },
	},
	{
		"score.elsewhere", "bits", 8, 0, 30, "rented address with nothing of the person's, who was at work elsewhere",
		"as score.travel: one person in two places; Elastic calls cheap rented servers high fidelity (" + detectionRef + "1.3)", func(c *Config) *float64 { return &c.BitsElsewhere },
	},
	{
		"score.replay", "bits", 9, 0, 30, "session used from a new network with a new user agent",
		"assumption: network and client both new within a day, as rare as a sign-in over Tor", func(c *Config) *float64 { return &c.BitsReplay },
	},
	{
		"score.device-code", "bits", 5, 0, 30, "device code sign-in from a network new to the person",
		"assumption: between a VPN address and impossible travel", func(c *Config) *float64 { return &c.BitsDeviceCode },
	},
	{
		"score.provider-low", "bits", 2, 0, 30, "provider said low risk during the sign-in",
		"assumption", func(c *Config) *float64 { return &c.BitsProviderLow },
	},
	{
		"score.provider-medium", "bits", 5, 0, 30, "provider said medium risk",
		"assumption", func(c *Config) *float64 { return &c.BitsProviderMedium },
	},
	{
		"score.provider-high", "bits", 9, 0, 30, "provider said high risk",
		"assumption: Microsoft describes high as confidence that the account is compromised", func(c *Config) *float64 { return &c.BitsProviderHigh },
	},
	{
		"score.new-device", "bits", 1, 0, 30, "row names a device new to the person and unmanaged",
		"assumption: new devices are a few percent of honest sign-ins, most hostile ones", func(c *Config) *float64 { return &c.BitsNewDevice },
	},
	{
		"score.own-device", "bits", -3, -30, 0, "row names the person's own device, or a compliant one",
		"assumption: a registered device key is hard to steal", func(c *Config) *float64 { return &c.BitsOwnDevice },
	},
	{
		"rarity.half-life", "days", 90, 7, 3650, "days after which a use of a network, an address or a client counts half, for the person and for everybody",
		"Wiefling et al. 2022: entries older than six months can go with little loss; two half-lives leave a quarter of them", func(c *Config) *float64 { return &c.RarityHalfLife },
	},
	{
		"rarity.alpha", "visits", 1, 0.1, 100, "weight of everybody's habits against those of a person without variety",
		"Witten and Bell 1991: one more than the different values seen", func(c *Config) *float64 { return &c.RarityAlpha },
	},
	{
		"rarity.mimic", "share", 0.0625, 0.0001, 1, "share of attackers who come from where the person comes from, or with the same client; bounds what habits can excuse",
		"assumption: 1 in 16, 4 bits; device theft, residential proxies and copied user agents (the targeted attackers of Wiefling et al. 2022)", func(c *Config) *float64 { return &c.RarityMimic },
	},
	{
		"calibrate.min-labels", "labels", 50, 10, 100000, "answers by analysts before scores are calibrated with them",
		"assumption: five bins of ten", func(c *Config) *float64 { return &c.CalibrateMinLabels },
	},
	{
		"calibrate.min-each", "labels", 10, 2, 100000, "answers of each kind, compromised and safe, before that",
		"assumption: fewer say nothing about one side", func(c *Config) *float64 { return &c.CalibrateMinEach },
	},
}
