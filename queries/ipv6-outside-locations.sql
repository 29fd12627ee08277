-- IPv6 addresses of successful sign-ins that matched no named location although the log records matches: an IPv4-only location does not cover them.
-- columns: ip VARCHAR, country VARCHAR, signins BIGINT, people BIGINT
SELECT
    ip,
    max(country) AS country,
    count(*) AS signins,
    count(DISTINCT person) AS people
FROM signins
WHERE contains(ip, ':') AND outcome = 'success' AND named_locations = '[]'
GROUP BY ip
ORDER BY signins DESC, ip
