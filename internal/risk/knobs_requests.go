package risk

// RequestConfig is every threshold of the findings about exception requests
// (package exceptions), with the unit in the name. What each one means and where
// its default comes from is in its knob.
type RequestConfig struct {
	RepeatDays, GroupMembers, GroupDays          float64
	BlockHours, BlockCount                       float64
	TextSimilarity, TextTokens                   float64
	BurstBeforeDays, BurstAfterDays              float64
	StayDays, ChainLength, ChainGapDays          float64
	OrphanDays, GrowthAdds                       float64
	DeadDays                                     float64
	ApproverShare, ApproverRate, ApproverMinimum float64
	FalseDiscovery                               float64
}

const requestRef = detectionRef + "4.2"

var requestKnobs = []Knob{
	{
		"exceptions.repeat-days", "days", 30, 1, 365, "a request this soon after the end of the person's one before about the same policy is a repeat",
		requestRef, func(c *Config) *float64 { return &c.Requests.RepeatDays },
	},
	{
		"exceptions.group-members", "people", 3, 2, 1000, "so many members of one group who ask about the same policy may be a group repeat",
		requestRef, func(c *Config) *float64 { return &c.Requests.GroupMembers },
	},
	{
		"exceptions.group-days", "days", 14, 1, 365, "within so many days",
		requestRef, func(c *Config) *float64 { return &c.Requests.GroupDays },
	},
	{
		"exceptions.block-hours", "h", 72, 1, 720, "a request this soon after a block by its policy was driven by it",
		requestRef, func(c *Config) *float64 { return &c.Requests.BlockHours },
	},
	{
		"exceptions.block-count", "blocks", 1, 1, 100, "after so many blocks within that time",
		requestRef, func(c *Config) *float64 { return &c.Requests.BlockCount },
	},
	{
		"exceptions.text-similarity", "", 0.8, 0.5, 1, "share of common words (Jaccard) from which two justifications are one text",
		requestRef, func(c *Config) *float64 { return &c.Requests.TextSimilarity },
	},
	{
		"exceptions.text-words", "words", 5, 1, 100, "different words a justification must have to be compared: short ones are alike by chance",
		"assumption: below it a difference of one word already falls under 0.8", func(c *Config) *float64 { return &c.Requests.TextTokens },
	},
	{
		"exceptions.burst-before", "days", 28, 7, 365, "time before a policy change that requests are compared with, cut at the change before",
		"assumption: four whole weeks, so that each weekday counts alike", func(c *Config) *float64 { return &c.Requests.BurstBeforeDays },
	},
	{
		"exceptions.burst-after", "days", 14, 1, 365, "time after a policy change in which requests count, cut at the next change",
		"assumption: two whole weeks, the window of group repeats", func(c *Config) *float64 { return &c.Requests.BurstAfterDays },
	},
	{
		"exceptions.stay-days", "days", 7, 0, 365, "how long past its end an exception's membership may stay before it is permanent",
		requestRef, func(c *Config) *float64 { return &c.Requests.StayDays },
	},
	{
		"exceptions.chain-length", "approvals", 3, 2, 100, "so many approvals one after the other make a renewal chain",
		requestRef, func(c *Config) *float64 { return &c.Requests.ChainLength },
	},
	{
		"exceptions.chain-gap", "days", 14, 0, 365, "the next approval begins less than so long after the end of the one before",
		requestRef, func(c *Config) *float64 { return &c.Requests.ChainGapDays },
	},
	{
		"exceptions.orphan-days", "days", 3, 0, 90, "how long after somebody was added to an exclusion group the request for it may be written",
		"assumption: in an emergency the desk acts first and writes after, the next working day at the latest", func(c *Config) *float64 { return &c.Requests.OrphanDays },
	},
	{
		"exceptions.growth-adds", "people", 5, 1, 1000, "people more than before that make the growth of an exclusion group a finding",
		"assumption: 5 joined and none left is the least an exact test calls more than chance (1 in 32)", func(c *Config) *float64 { return &c.Requests.GrowthAdds },
	},
	{
		"exceptions.dead-days", "days", 60, 7, 365, "time in which an excluded person had no sign-in the policy would have caught",
		requestRef, func(c *Config) *float64 { return &c.Requests.DeadDays },
	},
	{
		"exceptions.approver-share", "", 0.5, 0.1, 1, "share of a policy's decisions above which one approver holds most of them; its 95 % interval must lie above",
		requestRef, func(c *Config) *float64 { return &c.Requests.ApproverShare },
	},
	{
		"exceptions.approver-rate", "", 0.95, 0.5, 1, "share of approvals above which that approver refuses next to nothing",
		requestRef, func(c *Config) *float64 { return &c.Requests.ApproverRate },
	},
	{
		"exceptions.approver-minimum", "decisions", 30, 5, 10000, "decisions of the approver below which nothing is said",
		"assumption: with fewer, somebody who refuses one in ten passes for one who refuses none in 5 % of cases", func(c *Config) *float64 { return &c.Requests.ApproverMinimum },
	},
	{
		"exceptions.false-discovery", "", 0.05, 0.0001, 0.5, "share of chance among the patterns told by a test (Benjamini-Hochberg, each kind of pattern a family)",
		"Benjamini and Hochberg 1995", func(c *Config) *float64 { return &c.Requests.FalseDiscovery },
	},
}
