-- Tables share the pages of one file.
select 'database', p.page_count * s.page_size from pragma_page_count p, pragma_page_size s
