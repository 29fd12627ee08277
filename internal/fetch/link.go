package fetch

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// address is the first request of a collection.
func (c *collection) address(base *url.URL, id string, filter string) *url.URL {
	u := *base
	path := "/" + strings.ReplaceAll(c.path, "{id}", id)
	u.Path, u.RawPath = path, ""
	var q strings.Builder
	for _, p := range c.query {
		v := strings.ReplaceAll(p.value, "{id}", id)
		if p.key == "$filter" && filter != "" {
			v = filter + " and " + v
		}
		if q.Len() > 0 {
			q.WriteByte('&')
		}
		// OData names keep their dollar, and a space is %20: "+" is not one everywhere.
		q.WriteString(p.key + "=" + strings.ReplaceAll(url.QueryEscape(v), "+", "%20"))
	}
	u.RawQuery = q.String()
	return &u
}

// follow checks a nextLink before the token is sent there: same scheme and host,
// same API version, not followed before in this collection. seen is what was.
func follow(base, first *url.URL, link string, seen map[string]bool) (*url.URL, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, &linkError{link, "not an address"}
	}
	version := func(p string) string {
		v, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
		return v
	}
	switch {
	case !strings.EqualFold(u.Scheme, base.Scheme) || !strings.EqualFold(u.Host, base.Host):
		return nil, &linkError{link, "leads to another host than " + base.Host + " and is not followed"}
	case u.User != nil || u.Fragment != "":
		return nil, &linkError{link, "not an address of Graph"}
	case version(u.Path) != version(first.Path):
		return nil, &linkError{link, "leads to another API version than " + version(first.Path) + " and is not followed"}
	case seen[link] || link == first.String():
		return nil, &linkError{link, "was followed before: Graph leads in a circle, and following it again would never end"}
	}
	return u, nil
}

// decodeClaims reads a claims challenge, which is base64, or JSON as it stands.
func decodeClaims(s string) string {
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := enc.DecodeString(s); err == nil {
			return string(b)
		}
	}
	return s
}
