package policy

import (
	"fmt"

	"frisk/internal/signin"
)

// WhatIfRequest is the body of the Graph action conditionalAccess/evaluate.
type WhatIfRequest struct {
	Identity    WhatIfIdentity   `json:"signInIdentity"`
	Context     WhatIfContext    `json:"signInContext"`
	Conditions  WhatIfConditions `json:"signInConditions"`
	AppliedOnly bool             `json:"appliedPoliciesOnly"`
}

// WhatIfIdentity is who would sign in: a userSignIn or a servicePrincipalSignIn.
type WhatIfIdentity struct {
	Type               string `json:"@odata.type"`
	UserID             string `json:"userId"`
	ExternalUserType   string `json:"externalUserType"`
	ExternalTenantID   string `json:"externalTenantId"`
	ServicePrincipalID string `json:"servicePrincipalId"`
}

// WhatIfContext is the target: an applicationContext, a userActionContext or an authContext.
type WhatIfContext struct {
	Type        string   `json:"@odata.type"`
	Apps        []string `json:"includeApplications"`
	UserAction  string   `json:"userAction"` // registerSecurityInformation, registerOrJoinDevices
	AuthContext string   `json:"authenticationContextValue"`
}

// WhatIfConditions are the conditions; an empty one was not given.
type WhatIfConditions struct {
	Type                 string        `json:"@odata.type"`
	Platform             string        `json:"devicePlatform"`
	ClientApp            string        `json:"clientAppType"`
	SignInRisk           string        `json:"signInRiskLevel"`
	UserRisk             string        `json:"userRiskLevel"`
	ServicePrincipalRisk string        `json:"servicePrincipalRiskLevel"`
	InsiderRisk          string        `json:"insiderRiskLevel"`
	Country              string        `json:"country"`
	IPAddress            string        `json:"ipAddress"`
	Flow                 *WhatIfFlow   `json:"authenticationFlow"`
	Device               *WhatIfDevice `json:"deviceInfo"`
}

// WhatIfFlow is the authentication flow asked about.
type WhatIfFlow struct {
	Type   string `json:"@odata.type"`
	Method string `json:"transferMethod"`
}

// WhatIfOptions steer WhatIf.
type WhatIfOptions struct {
	// MissingIsNone takes what was not given for "none", as the Graph action does: no
	// risk, no flow, no listed client or platform, no known place, no application, an
	// unregistered device, null for a device attribute. False leaves it unknown.
	MissingIsNone bool
}

// WhatIfPolicy is one policy of the answer, in Graph's shape, with ours beside.
type WhatIfPolicy struct {
	ID      string `json:"id"`
	Name    string `json:"displayName"`
	State   string `json:"state"`
	Applies bool   `json:"policyApplies"`
	// Reasons is notSet, the first condition that failed, or notEnoughInformation
	// when the answer is unknown.
	Reasons string            `json:"analysisReasons"`
	Frisk   PolicyExplanation `json:"frisk"`
}

// WhatIfAnswer is Graph's answer, and the verdict Graph does not give.
type WhatIfAnswer struct {
	Value []WhatIfPolicy `json:"value"`
	Frisk WhatIfVerdict  `json:"frisk"`
}

// WhatIfVerdict is the verdict and what is doubtful about the question itself.
type WhatIfVerdict struct {
	// Warnings are facts of the request nothing confirms, like a person no export
	// holds; empty and not nil when there is none.
	Warnings []string `json:"warnings"`
	Explanation
}

// WhatIf answers the question for the engine's policies. One application is
// asked about at a time in Graph; several here count as the audiences of one
// request. A user principal name or mail address counts for the person the
// engine's directory has under it. The error is a value Graph does not have.
func WhatIf(e *Engine, q *WhatIfRequest, s *State, opt WhatIfOptions) (*WhatIfAnswer, error) {
	q, err := q.canonical()
	if err != nil {
		return nil, fmt.Errorf("what-if: %w", err)
	}
	if opt.MissingIsNone && q.Conditions.Device != nil && !e.opt.DevicesComplete {
		o := e.opt
		o.DevicesComplete = true // an attribute that deviceInfo leaves out is null
		if e, err = NewEngine(e.set, e.dir, o); err != nil {
			return nil, fmt.Errorf("what-if: %w", err)
		}
	}
	who := whatIfWho(q, e.dir)
	event := q.event(e.opt.Tenant, &who, opt.MissingIsNone)
	sym := signin.NewSymbols()
	ev := e.Evaluator(sym)
	ev.SetContext(q.context(&who, opt.MissingIsNone))
	row := signin.RowOf(&event, sym)
	x := ev.Explain(&row, s)
	out := &WhatIfAnswer{Frisk: WhatIfVerdict{append(who.warnings, appWarnings(q)...), x}, Value: []WhatIfPolicy{}}
	for i := range x.Policies {
		p := &x.Policies[i]
		if p.Result == "notInForce" {
			continue
		}
		w := WhatIfPolicy{ID: p.ID, Name: p.Name, State: p.State, Frisk: *p, Reasons: "notSet"}
		switch p.Result {
		case "applied":
			w.Applies = true
		case "unknown":
			w.Reasons = "notEnoughInformation"
		case "notEnabled":
			w.Reasons = "policyNotEnabled"
		default:
			w.Reasons = analysisReason(e.plans[i].Policy, p.Failing)
		}
		if w.Applies || !q.AppliedOnly {
			out.Value = append(out.Value, w)
		}
	}
	return out, nil
}

// analysisReason is the word of Graph's whatIfAnalysisReasons for the condition that failed.
func analysisReason(p *Policy, failing string) string {
	switch failing {
	case "applications":
		switch {
		case len(p.Apps.UserActions) > 0:
			return "userActions"
		case len(p.Apps.AuthContexts) > 0:
			return "authenticationContext"
		}
		return "application"
	case "users":
		return "users"
	case "clientApplications", "servicePrincipalRiskLevels":
		return "workloadIdentities"
	case "platforms":
		return "devicePlatform"
	case "deviceFilter", "deviceStates":
		return "devices"
	case "clientAppTypes":
		return "clientApps"
	case "locations":
		return "location"
	case "signInRiskLevels":
		return "signInRisk"
	case "userRiskLevels":
		return "userRisk"
	case "insiderRiskLevels":
		return "insiderRisk"
	case "authenticationFlows":
		return "authenticationFlow"
	}
	return "invalidCondition"
}
