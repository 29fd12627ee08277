-- Which factors people enter, and how often that fails.
-- columns: method VARCHAR, entries BIGINT, failed BIGINT, people BIGINT, failed_percent DOUBLE
SELECT
    f.method AS method,
    count(*) AS entries,
    count(*) FILTER (WHERE f.succeeded = 'false') AS failed,
    count(DISTINCT person) AS people,
    round(100.0 * count(*) FILTER (WHERE f.succeeded = 'false') / count(*), 1) AS failed_percent
FROM (SELECT person, unnest(factor_steps) AS f FROM signins WHERE NOT attack)
WHERE f.method IS NOT NULL AND f.method NOT IN ('', 'Previously satisfied')
GROUP BY f.method
ORDER BY entries DESC, method
