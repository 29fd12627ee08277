package ingest

import (
	"strconv"
	"strings"

	"frisk/internal/ingest/jsonscan"
	"frisk/internal/signin"
)

// futureCondition is the bit of unknownFutureValue, set also for a condition
// whose name is not in the table: something was recorded that we cannot read.
const futureCondition = 4096

// conditionBits are the members of conditionalAccessConditions. Azure Monitor
// writes their sum, Graph their names joined by commas (beta metadata document,
// enum conditionalAccessConditions).
var conditionBits = map[string]int64{
	"none": 0, "application": 1, "users": 2, "deviceplatform": 4, "location": 8, "clienttype": 16, "signinrisk": 32,
	"userrisk": 64, "time": 128, "devicestate": 256, "client": 512, "ipaddressseenbyazuread": 1024,
	"ipaddressseenbyresourceprovider": 2048, "unknownfuturevalue": futureCondition, "serviceprincipals": 8192,
	"serviceprincipalrisk": 16384, "authenticationflows": 32768, "insiderrisk": 65536,
}

// conditionMask reads conditionsSatisfied in either spelling; -1 means not said.
func conditionMask(s *jsonscan.Scanner) int64 {
	switch s.Kind() {
	case '[':
		mask := int64(0)
		for s.Array(); s.Elem(); {
			mask |= max(maskOf(s.Text()), 0)
		}
		return mask
	case '{':
		s.Skip()
		return -1
	}
	return maskOf(s.Text())
}

func maskOf(text string) int64 {
	text = strings.TrimSpace(text)
	if text == "" {
		return -1
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		return n
	}
	mask := int64(0)
	for name := range strings.SplitSeq(text, ",") {
		bit, ok := conditionBits[fold(name)]
		if !ok {
			bit = futureCondition
		}
		mask |= bit
	}
	return mask
}

// recordedPolicy reads one element of appliedConditionalAccessPolicies.
func recordedPolicy(s *jsonscan.Scanner) signin.RecordedPolicy {
	p := signin.RecordedPolicy{Satisfied: -1, NotSatisfied: -1}
	for s.Object(); s.Next(); {
		switch string(s.Key) {
		case "id":
			p.ID = lowerGUID(s.Text())
		case "displayName":
			p.Name = s.Text()
		case "result":
			p.Result = policyResult(s.Text())
		case "enforcedGrantControls":
			p.Grant = texts(s)
		case "enforcedSessionControls":
			p.Session = texts(s)
		case "conditionsSatisfied":
			p.Satisfied = conditionMask(s)
		case "conditionsNotSatisfied":
			p.NotSatisfied = conditionMask(s)
		case "includeRulesSatisfied":
			p.Include = rules(s)
		case "excludeRulesSatisfied":
			p.Exclude = rules(s)
		default:
			s.Skip()
		}
	}
	return p
}

func texts(s *jsonscan.Scanner) []string {
	if s.Kind() == '"' { // one control, or several joined
		var out []string
		for part := range strings.SplitSeq(s.Text(), ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out
	}
	var out []string
	for s.Array(); s.Elem(); {
		out = append(out, s.Text())
	}
	return out
}

// rules reads includeRulesSatisfied as "condition:rule" texts.
func rules(s *jsonscan.Scanner) []string {
	var out []string
	for s.Array(); s.Elem(); {
		if s.Kind() == '"' {
			out = append(out, s.Text())
			continue
		}
		var condition, rule string
		for s.Object(); s.Next(); {
			switch string(s.Key) {
			case "conditionalAccessCondition":
				condition = s.Text()
			case "ruleSatisfied":
				rule = s.Text()
			default:
				s.Skip()
			}
		}
		if condition != "" || rule != "" {
			out = append(out, condition+":"+rule)
		}
	}
	return out
}

// policyResults are the members of appliedConditionalAccessPolicyResult by
// number, which some exports write.
var policyResults = []string{
	"success", "failure", "notApplied", "notEnabled", "unknown", "unknownFutureValue",
	"reportOnlySuccess", "reportOnlyFailure", "reportOnlyNotApplied", "reportOnlyInterrupted",
}

func policyResult(s string) string {
	if len(s) == 1 && s[0] >= '0' && s[0] <= '9' {
		return policyResults[s[0]-'0']
	}
	return canonical(s)
}
