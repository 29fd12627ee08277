package directory

// pendingWord is a request that nobody has decided.
const pendingWord = "pending"

// decisions maps the words of request systems to ours. "closed" and "resolved"
// tell that a ticket ended and not how: they stay as they are.
var decisions = map[string]string{
	"approved": "approved", "approve": "approved", "granted": "approved", "adminapproved": "approved", "provisioned": "approved", "schedulecreated": "approved",
	"delivered": "approved", "delivering": "approved", "partiallydelivered": "approved", "scheduled": "approved", "accepted": "approved",
	"closedcomplete": "approved", "done": "approved", "fulfilled": "approved", "completed": "approved", "complete": "approved", "implemented": "approved",
	"denied": "denied", "deny": "denied", "admindenied": "denied", "rejected": "denied", "declined": "denied", "wontdo": "denied", "wontfix": "denied", "refused": "denied",
	"closedrejected": "denied", "closeddenied": "denied",
	"canceled": "cancelled", "cancelled": "cancelled", "revoked": "cancelled", "withdrawn": "cancelled", "closedcancelled": "cancelled", "closedskipped": "cancelled",
	"closedincomplete": "cancelled", "duplicate": "cancelled", "deliveryfailed": "cancelled", "failed": "cancelled",
	"expired": "expired", "timedout": "expired",
	"pending": "pending", "submitted": "pending", "pendingapproval": "pending", "pendingadmindecision": "pending", "requested": "pending",
	"open": "pending", "new": "pending", "notyetrequested": "pending", "notrequested": "pending", "inreview": "pending", "review": "pending", "analyze": "pending", "draft": "pending",
	"waitingforapproval": "pending", "awaitingapproval": "pending", "todo": "pending", "inprogress": "pending", "workinprogress": "pending", "unresolved": "pending", "pendingprovisioning": "pending",
	"pendingevaluation": "pending", "pendingscheduling": "pending",
	// ServiceNow task states without their display values.
	"5": "pending", "1": "pending", "2": "pending", "3": "approved", "4": "cancelled", "7": "cancelled",
	// German, French, Spanish.
	"genehmigt": "approved", "bewilligt": "approved", "abgelehnt": "denied", "offen": "pending", "abgelaufen": "expired", "storniert": "cancelled",
	"approuvé": "approved", "approuvée": "approved", "refusé": "denied", "refusée": "denied", "aprobado": "approved", "aprobada": "approved", "rechazado": "denied", "rechazada": "denied",
}

// decision is our word for a system's, else the word as given.
func decision(s string) string {
	if d := decisions[norm(s)]; d != "" {
		return d
	}
	return s
}

func decisionKnown(s string) bool { return decisions[norm(s)] != "" }
