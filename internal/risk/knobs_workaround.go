package risk

// WorkaroundConfig are the numbers of internal/workaround.
type WorkaroundConfig struct {
	WorkaroundHours, WorkaroundSlowDays, WorkaroundPeople, WorkaroundRate float64
	WorkaroundWindows, WorkaroundHabit                                    float64
	WorkaroundPrior, WorkaroundBitsDevice, WorkaroundBitsSystem           float64
	WorkaroundBitsNetwork, WorkaroundBitsBeside, WorkaroundBitsRequest    float64
	WorkaroundBitsNoRequest, WorkaroundBitsAttack                         float64
}

// ClassOf reads a network list (signin.Event.Network).
func ClassOf(list string) Class { return classOf(list) }

const workaroundRef = detectionRef + "4.2"

var workaroundKnobs = []Knob{
	{
		"workaround.within", "h", 4, 0.25, 24, "how long after a block or an abandoned prompt another way in counts",
		workaroundRef, func(c *Config) *float64 { return &c.WorkaroundHours },
	},
	{
		"workaround.slow-within", "d", 7, 1, 30, "the same for ways that take days: a new method, a place in an exclusion group",
		workaroundRef, func(c *Config) *float64 { return &c.WorkaroundSlowDays },
	},
	{
		"workaround.people", "people", 5, 2, 1e6, "people who must have gone a way before it is named a pattern",
		workaroundRef, func(c *Config) *float64 { return &c.WorkaroundPeople },
	},
	{
		"workaround.false-discovery", "share", 0.05, 0.0001, 0.5, "share of the named patterns that may be chance (Benjamini and Hochberg 1995)",
		"assumption: the customary rate", func(c *Config) *float64 { return &c.WorkaroundRate },
	},
	{
		"workaround.windows", "windows", 8, 1, 60, "comparable times without a block that each one is compared with, the nearest first",
		"assumption: four weeks before and after at the same weekday, or eight workdays", func(c *Config) *float64 { return &c.WorkaroundWindows },
	},
	{
		"workaround.habit", "d", 14, 7, 90, "a way the person went in so many days before, other than after a stop, is their habit and no case",
		"assumption: two working weeks show what is ordinary", func(c *Config) *float64 { return &c.WorkaroundHabit },
	},
	{
		"workaround.prior", "bits", -2, -20, 20, "log2 odds, before any evidence, that going another way is an attacker's",
		"assumption: one in five; after a block most who try again are the owners (Doerfler 2019: 97 % get in soon)", func(c *Config) *float64 { return &c.WorkaroundPrior },
	},
	{
		"workaround.bits-device", "bits", 4, 0, 20, "for an employee: a device the person used before, or one that is managed; half of it against, for a new one",
		"assumption: stolen passwords come without the device", func(c *Config) *float64 { return &c.WorkaroundBitsDevice },
	},
	{
		"workaround.bits-system", "bits", 1, 0, 20, "for an employee: system and browser as used before, where the device has no id; twice that against, when new",
		"assumption: weak, since common systems are common", func(c *Config) *float64 { return &c.WorkaroundBitsSystem },
	},
	{
		"workaround.bits-network", "bits", 2, 0, 20, "for an employee: a network (AS) the person used before; against, when new",
		"assumption: weaker than a device", func(c *Config) *float64 { return &c.WorkaroundBitsNetwork },
	},
	{
		"workaround.bits-beside", "bits", 2, 0, 20, "for an employee: the other way starts from the device or address of the refused one, which was the person's",
		"assumption: who sits at the same place is the same person", func(c *Config) *float64 { return &c.WorkaroundBitsBeside },
	},
	{
		"workaround.bits-request", "bits", 4, 0, 20, "for an employee: an exception was requested around the time",
		workaroundRef, func(c *Config) *float64 { return &c.WorkaroundBitsRequest },
	},
	{
		"workaround.bits-no-request", "bits", 1, 0, 20, "for an attacker: requests were read and there is none",
		"assumption: weak, since most people never ask", func(c *Config) *float64 { return &c.WorkaroundBitsNoRequest },
	},
	{
		"workaround.bits-attack", "bits", 6, 0, 20, "for an attacker: a detector took the sign-in for attack traffic",
		"assumption: it has evidence of its own", func(c *Config) *float64 { return &c.WorkaroundBitsAttack },
	},
}
